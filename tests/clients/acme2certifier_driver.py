"""acme2certifier's DigiCert handler, as published, called as its ACME server calls it.

Runs in .local/clients/acme2certifier, in a directory where it may write its acme_srv.cfg.
"""

from __future__ import annotations

import base64
import configparser
import logging
import os
import sys
from pathlib import Path
from typing import Any

import reporting
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

logging.basicConfig(stream=sys.stderr, level=logging.INFO)
_LOGGER = logging.getLogger("acme2certifier")


def _handler(settings: dict[str, Any]) -> Any:
    """The handler with a configuration file as an administrator writes it."""
    file = configparser.ConfigParser()
    file["DEFAULT"] = {"debug": "False"}
    file["CAhandler"] = {
        "api_url": settings["url"],
        "api_key": settings["key"],
        "organization_name": settings["organization_name"],
        "cert_type": settings["product"],
        "order_validity": "1",
        "request_timeout": "60",
    }
    path = Path("acme_srv.cfg").absolute()
    with path.open("w") as opened:
        file.write(opened)
    os.environ["ACME_SRV_CONFIGFILE"] = str(path)
    from acme2certifier.cahandlers.digicert_ca_handler import CAhandler

    return CAhandler(False, _LOGGER)


def _base64url(der: bytes) -> str:
    """As an ACME client sends it: RFC 8555 7.4, unpadded."""
    return base64.urlsafe_b64encode(der).rstrip(b"=").decode()


def enroll(settings: dict[str, Any], csr: str) -> Any:
    """Enroll for a PEM request; what the handler returns."""
    der = x509.load_pem_x509_csr(csr.encode()).public_bytes(Encoding.DER)
    with _handler(settings) as handler:
        error, bundle, raw, poll_identifier = handler.enroll(_base64url(der))
    return {"error": error, "bundle": bundle, "raw": raw, "poll_identifier": poll_identifier}


def revoke(settings: dict[str, Any], raw: str) -> Any:
    """Revoke a certificate that the ACME server holds as base64 of its DER."""
    with _handler(settings) as handler:
        code, message, detail = handler.revoke(raw)
    return {"code": code, "message": message, "detail": detail}


if __name__ == "__main__":
    reporting.main({"enroll": enroll, "revoke": revoke})
