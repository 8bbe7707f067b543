"""The route that hands a managed key to its owner."""

from __future__ import annotations

from ..dependencies_keys import ManagedKeysApi
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.key_files import KeyFormat, Wrapping, passphrase_flaw
from ..services.managed_keys import ExportPorts, export_key
from .call import Answer, Call
from .key_schemas import KeyExportBody
from .reading import validated

#: Media type and file name's end of each form.
_FILES = {
    KeyFormat.PKCS12: ("application/x-pkcs12", "p12"),
    KeyFormat.PEM: ("application/x-pem-file", "pem"),
}


def export(call: Call, deps: ManagedKeysApi) -> Answer:
    """POST certificate/{id}/private_key/export: the key with its chain, under a passphrase.

    Nothing of it is kept, so an Idempotency-Key means nothing here: each call is one export.
    """
    certificate_id = call.number("certificate")
    if not deps.settings.managed_keys:
        raise VouchsafeError(
            ErrorCode.FORBIDDEN,
            "Keys are not made by the service in this deployment, nor handed out.",
            subject="managed_keys_off",
        )
    wrapping = _wrapping(call)
    content = export_key(certificate_id, wrapping, call.principal, ports=_ports(deps))
    content_type, extension = _FILES[wrapping.form]
    named = f'attachment; filename="{certificate_id}_key.{extension}"'
    return Answer(
        content=content, content_type=content_type, headers={"Content-Disposition": named}
    )


def _ports(deps: ManagedKeysApi) -> ExportPorts:
    return ExportPorts(
        ledger=deps.ledger,
        managed=deps.managed,
        opener=deps.opener,
        store=deps.store,
        issuers=deps.issuers,
        clock=deps.clock,
        entropy=deps.entropy,
    )


def _wrapping(call: Call) -> Wrapping:
    """How the key is to leave. Raises VouchsafeError(INVALID) with every flaw, quoting nothing."""
    if "passphrase" in call.query:
        raise invalid(Flaw("passphrase", "belongs in the body: addresses are logged on their way"))
    body, _ = validated(KeyExportBody, call.body())
    word, passphrase, flaws = (body.format or "").lower(), body.passphrase, []
    if word not in {form.value for form in KeyFormat}:
        flaws.append(Flaw("format", "must be pkcs12 or pem" if word else "is required"))
    if passphrase is None:
        flaws.append(Flaw("passphrase", "is required"))
    elif not isinstance(passphrase, str):
        flaws.append(Flaw("passphrase", "must be text"))
    elif reason := passphrase_flaw(passphrase):
        flaws.append(Flaw("passphrase", reason))
    compatible = bool(body.compatible)
    if compatible and word == KeyFormat.PEM:
        flaws.append(Flaw("compatible", "is for pkcs12 alone"))
    if flaws:
        raise invalid(*flaws)
    return Wrapping(form=KeyFormat(word), passphrase=str(passphrase), compatible=compatible)
