"""Mail through Amazon SES."""

from __future__ import annotations

from typing import Any

from ..domain.notices import Mail
from .sdk import patiently


class SesMailer:
    """Port Mailer over the SESv2 API."""

    def __init__(self, client: Any, *, sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mail: Mail) -> str:
        """Hand the mail to SES; its message id. Raises Unavailable for trouble that may pass."""
        arguments = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": list(mail.to)},
            "Content": {"Simple": _content(mail)},
            "ConfigurationSetName": self._configuration_set,
            "EmailTags": [{"Name": name, "Value": value} for name, value in mail.tags],
        }
        return str(patiently(lambda: self._client.send_email(**arguments))["MessageId"])


def _content(mail: Mail) -> dict[str, Any]:
    body = {"Text": _text(mail.text)}
    if mail.html:
        body["Html"] = _text(mail.html)
    return {"Subject": _text(mail.subject), "Body": body}


def _text(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}
