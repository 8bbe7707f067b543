"""Netflix lemur's DigiCert plugins, as published, each action called as lemur calls it.

Runs in .local/clients/lemur. Lemur's package imports its whole web application when it is loaded;
an empty package of the same name and place stands in for that one file, so that the plugins load
with their own modules and nothing else. The plugins' code is the installed one, untouched.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

import arrow
import reporting
from cryptography import x509
from flask import Flask, g


def _plugins() -> Any:
    """lemur.plugins.lemur_digicert.plugin."""
    found = importlib.util.find_spec("lemur")
    assert found is not None
    assert found.submodule_search_locations is not None
    package = types.ModuleType("lemur")
    package.__path__ = list(found.submodule_search_locations)
    sys.modules["lemur"] = package
    return importlib.import_module("lemur.plugins.lemur_digicert.plugin")


def _application(settings: dict[str, Any]) -> Flask:
    """A Flask application with lemur's settings for the plugins."""
    application = Flask("lemur")
    application.config.update(
        DIGICERT_URL=settings["url"],
        DIGICERT_API_KEY=settings["key"],
        DIGICERT_ORDER_TYPE=settings["product"],
        DIGICERT_ORG_ID=settings["organization_id"],
        DIGICERT_ROOT=settings.get("root", ""),
        DIGICERT_SOURCE_ENABLED=True,
    )
    application.config.update(settings.get("more", {}))
    return application


def _issuer_options(common_name: str, names: list[str], validity: dict[str, Any]) -> dict[str, Any]:
    wished = dict(validity)
    if "validity_end" in wished:
        wished["validity_end"] = arrow.get(wished["validity_end"])
    others = {"sub_alt_names": {"names": [x509.DNSName(name) for name in names]}}
    return {"common_name": common_name, "extensions": others, **wished}


def create(
    settings: dict[str, Any], csr: str, common_name: str, names: list[str], **more: Any
) -> Any:
    """create_certificate: the certificate, what issued it, and the CA's id for it."""
    with _application(settings).app_context():
        g.user = types.SimpleNamespace(username="driver")
        issuer = _plugins().DigiCertIssuerPlugin()
        body, chain, external_id = issuer.create_certificate(
            csr, _issuer_options(common_name, names, more)
        )
    return {"body": body, "chain": chain, "external_id": external_id}


def sync(settings: dict[str, Any]) -> Any:
    """get_certificates of the source plugin."""
    with _application(settings).app_context():
        return _plugins().DigiCertSourcePlugin().get_certificates({})


def revoke(settings: dict[str, Any], external_id: str, reason: dict[str, str]) -> Any:
    """revoke_certificate: what the CA answered."""
    certificate = types.SimpleNamespace(external_id=external_id)
    with _application(settings).app_context():
        return _plugins().DigiCertIssuerPlugin().revoke_certificate(certificate, reason)


def ordered(settings: dict[str, Any], order_id: int) -> Any:
    """get_ordered_certificate: the certificate of an order, None while there is none."""
    pending = types.SimpleNamespace(external_id=order_id, name="pending")
    with _application(settings).app_context():
        return _plugins().DigiCertIssuerPlugin().get_ordered_certificate(pending)


def cancel(settings: dict[str, Any], order_id: int, note: str | None = None) -> Any:
    """cancel_ordered_certificate: returns nothing, raises when the CA refused."""
    pending = types.SimpleNamespace(external_id=order_id, name="pending")
    words = {"note": note} if note else {}
    with _application(settings).app_context():
        return _plugins().DigiCertIssuerPlugin().cancel_ordered_certificate(pending, **words)


if __name__ == "__main__":
    reporting.main(
        {"create": create, "sync": sync, "revoke": revoke, "ordered": ordered, "cancel": cancel}
    )
