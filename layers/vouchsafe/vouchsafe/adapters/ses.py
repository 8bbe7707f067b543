"""Mail through Amazon SES."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..domain.errors import MailRefused
from ..domain.notices import Mail
from .sdk import code_of, patiently

#: What SES says of a mail, or an address, that it will never carry; other errors are about us.
_REFUSALS = frozenset({"MessageRejected", "BadRequestException"})
#: By the same code SES says that our own identity is not set up; that is no word on the mail.
_OURS = "not verified"
_SHOWN = 200  # characters of an error


class SesMailer:
    """Port Mailer over the SESv2 API."""

    def __init__(self, client: Any, *, sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mail: Mail) -> str:
        """Hand the mail to SES; its message id.

        Raises Unavailable for trouble that may pass, and MailRefused for a mail it does not take.
        """
        arguments = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": list(mail.to)},
            "Content": {"Simple": _content(mail)},
            "ConfigurationSetName": self._configuration_set,
            "EmailTags": [{"Name": name, "Value": value} for name, value in mail.tags],
        }
        try:
            answer = patiently(lambda: self._client.send_email(**arguments))
        except ClientError as error:
            if code_of(error) not in _REFUSALS or _OURS in str(error):
                raise
            raise MailRefused(str(error)[:_SHOWN]) from error
        return str(answer["MessageId"])


def _content(mail: Mail) -> dict[str, Any]:
    body = {"Text": _text(mail.text)}
    if mail.html:
        body["Html"] = _text(mail.html)
    return {"Subject": _text(mail.subject), "Body": body}


def _text(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}
