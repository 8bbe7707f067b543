"""A certificate and its chain in every form that can be downloaded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ..domain.pem import pem as pem_block

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier time; fixed, so that equal stays equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A leaf with its way to the root, each DER.

    `between` is what stands between the issuing certificate and the root, nearest the former
    first; our own issuing CAs have nothing there.
    """

    leaf: bytes
    intermediate: bytes
    root: bytes
    between: tuple[bytes, ...] = ()

    @property
    def intermediates(self) -> tuple[bytes, ...]:
        """Everything but leaf and root, nearest the leaf first."""
        return (self.intermediate, *self.between)

    @property
    def whole(self) -> tuple[bytes, ...]:
        """Everything, the leaf first."""
        return (self.leaf, *self.intermediates, self.root)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A file to download."""

    content: bytes | str
    content_type: str
    extension: str


def pem(der: bytes) -> str:
    """One PEM block with its final newline."""
    return pem_block("CERTIFICATE", der)


def subject_common_name(der: bytes) -> str:
    """The subject's common name, or the first dNSName where there is none."""
    certificate = x509.load_der_x509_certificate(der)
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    if names:
        return str(names[0].value)
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return extension.value.get_values_for_type(x509.DNSName)[0]


def _pem_file(*parts: bytes) -> Bundle:
    """PEM blocks in the order given; the file ends with one newline, as strict readers need it."""
    text = "".join(map(pem, parts))
    return Bundle(content=text, content_type="application/x-pem-file", extension="pem")


def _leaf(chain: Chain, extension: str) -> Bundle:
    """The leaf alone, PEM, under another extension."""
    return Bundle(
        content=pem(chain.leaf), content_type="application/x-pem-file", extension=extension
    )


def _nginx(chain: Chain) -> Bundle:
    """What `ssl_certificate` takes in one file, leaf first; and the root beside it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        bundle = "".join(map(pem, (chain.leaf, *chain.intermediates)))
        archive.writestr(zipfile.ZipInfo("certificate.crt", _EARLIEST), bundle)
        archive.writestr(zipfile.ZipInfo("root.crt", _EARLIEST), pem(chain.root))
    return Bundle(content=buffer.getvalue(), content_type="application/zip", extension="zip")


def _pkcs7(chain: Chain, extension: str) -> Bundle:
    from cryptography.hazmat.primitives.serialization import pkcs7  # slow to load, rarely wanted

    certificates = [x509.load_der_x509_certificate(der) for der in chain.whole]
    content = pkcs7.serialize_certificates(certificates, Encoding.PEM).decode("ascii")
    return Bundle(
        content=content, content_type="application/x-pkcs7-certificates", extension=extension
    )


def _zip(files: Sequence[tuple[str, Sequence[bytes]]]) -> Bundle:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, certificates in files:
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), "".join(map(pem, certificates)))
    return Bundle(content=buffer.getvalue(), content_type="application/zip", extension="zip")


def _three_files(extension: str) -> Callable[[Chain], Bundle]:
    return lambda chain: _zip(
        [
            (f"root.{extension}", [chain.root]),
            (f"intermediate.{extension}", chain.intermediates),
            (f"certificate.{extension}", [chain.leaf]),
        ]
    )


#: Every format by the vendor's name for it; `der` and `nginx` are our own.
FORMATS: dict[str, Callable[[Chain], Bundle]] = {
    "pem_all": lambda chain: _pem_file(*chain.whole),
    "pem_noroot": lambda chain: _pem_file(chain.leaf, *chain.intermediates),
    "pem_nointermediate": lambda chain: _pem_file(chain.leaf),
    "pem": lambda chain: _pem_file(chain.leaf),
    "crt": lambda chain: _leaf(chain, "crt"),
    "der": lambda chain: Bundle(
        content=chain.leaf, content_type="application/pkix-cert", extension="der"
    ),
    "p7b": lambda chain: _pkcs7(chain, "p7b"),
    "cer": lambda chain: _pkcs7(chain, "cer"),
    "default": _three_files("crt"),
    "default_pem": _three_files("crt"),
    "default_cer": _three_files("cer"),
    "nginx": _nginx,
    "apache": lambda chain: _zip(
        [("intermediate.crt", chain.intermediates), ("certificate.crt", [chain.leaf])]
    ),
}
