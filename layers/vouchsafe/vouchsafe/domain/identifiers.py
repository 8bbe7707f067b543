"""Names to certify: DNS names and wildcard names in their one canonical spelling.

What is refused, and why, follows BR 1.6.1, 3.2.2.6, 4.2.2, 7.1.2.7.12 and RFC 5890.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST_NAME = 253  # RFC 1035 3.1, counted in characters of the text form
_LONGEST_LABEL = 63  # RFC 1035 2.3.4
_LDH_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z")  # RFC 5890 2.3.1

#: Top-level names outside the public DNS (RFC 6761, 6762, 7686, 9476; BR 1.6.1, 4.2.2).
_SPECIAL_TLDS: dict[str, str] = {
    "arpa": "names below .arpa are infrastructure and cannot be certified",
    "onion": "onion names are not issued here",
    "local": ".local is for multicast DNS, an internal name",
    "localhost": ".localhost is an internal name",
    "test": ".test is reserved for testing",
    "invalid": ".invalid is reserved",
    "example": ".example is reserved for documentation",
    "internal": ".internal is for private networks, an internal name",
    "alt": ".alt is outside the DNS",
}


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A dNSName as it stands in a certificate: lower-case A-labels, maybe a leading `*.`."""

    value: str

    @property
    def wildcard(self) -> bool:
        """Whether this is a wildcard name (BR 1.6.1)."""
        return self.value.startswith("*.")

    @property
    def base(self) -> str:
        """The FQDN that is looked at: the name itself, a wildcard without its `*.`."""
        return self.value.removeprefix("*.")


@lru_cache(maxsize=256)  # the same names come with an order, and back out of its draft
def parse_identifier(text: str) -> Identifier:
    """The identifier that `text` spells: any case, U-labels or A-labels, maybe a leading `*.`.

    Raises ValueError with a plain reason for a name that cannot be certified.
    """
    identifier = Identifier(text if _is_plain(text) else _canonical(text))
    _refuse_unregistrable(identifier.base, wildcard=identifier.wildcard)
    return identifier


#: LDH labels in lower case; the last one begins with a letter, as no address's does.
_PLAIN = re.compile(
    r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)


def _is_plain(text: str) -> bool:
    """Whether a name is spelled in its canonical way, at a glance; not all that are, are seen."""
    return len(text) <= _LONGEST_NAME and "--" not in text and _PLAIN.fullmatch(text) is not None


def _canonical(text: str) -> str:
    """The canonical spelling of a name, looked at label by label. Raises ValueError."""
    _refuse_other_things(text)
    base = text.removeprefix("*.")
    if "*" in base:
        raise ValueError("a wildcard is one * as the whole left-most label")
    name = ".".join(_canonical_label(label) for label in base.split("."))
    spelled = f"*.{name}" if text.startswith("*.") else name
    if len(spelled) > _LONGEST_NAME:
        raise ValueError(f"the name is longer than {_LONGEST_NAME} characters")
    return spelled


def listed_name(text: str) -> str:
    """A name for a list of names: any name, public suffixes too, in its canonical spelling.

    A leading `*.` or dot is left out, since a listed name stands for everything below it. Raises
    ValueError with a plain reason.
    """
    name = text.removeprefix("*").removeprefix(".")
    _refuse_other_things(name)
    spelled = ".".join(_canonical_label(label) for label in name.split("."))
    if len(spelled) > _LONGEST_NAME:
        raise ValueError(f"the name is longer than {_LONGEST_NAME} characters")
    return spelled


def registrable_domain(name: str) -> str:
    """The registrable domain (one label under an ICANN public suffix) of a canonical FQDN.

    Raises ValueError for a public suffix itself and for a name under none.
    """
    found = _suffixes().privatesuffix(name)
    if found is None:
        raise ValueError(f"{name} is not below a public suffix")
    return str(found)


def parents_to_registrable(name: str) -> tuple[str, ...]:
    """A canonical FQDN and its parents up to its registrable domain, nearest first (BR 1.6.1).

    Raises ValueError like registrable_domain.
    """
    depth = registrable_domain(name).count(".") + 1
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - depth + 1))


@cache
def _suffixes() -> PublicSuffixList:
    """The ICANN section of the packaged list, loaded on first use (50 ms)."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True, accept_unknown=False)


def _refuse_other_things(text: str) -> None:
    """Refuse what is not a DNS name at all, with the reason a person needs."""
    if not text:
        raise ValueError("the name is empty")
    if len(text) > _LONGEST_NAME * 4:
        raise ValueError(f"the name is longer than {_LONGEST_NAME} characters")
    if text.split() != [text]:
        raise ValueError("a name holds no spaces")
    if _is_address(text):
        raise ValueError("IP addresses are not issued here")
    for mark, reason in _FOREIGN_MARKS.items():
        if mark in text:
            raise ValueError(reason)
    if text.endswith("."):
        raise ValueError("leave out the dot at the end")


_FOREIGN_MARKS: dict[str, str] = {
    "://": "give the name alone, without a scheme",
    "/": "give the name alone, without a path",
    "@": "an e-mail address is not a DNS name",
    ":": "give the name alone, without a port",
    "_": "a name in a certificate holds no underscore",  # BR 7.1.2.7.12
}


def _is_address(text: str) -> bool:
    if ":" not in text and not text[-1].isdigit() and text[-1] != "]":
        return False  # the parser is slow, and every address has one of these
    try:
        ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _canonical_label(label: str) -> str:
    """One label as a lower-case A-label or LDH label. Raises ValueError."""
    if not label:
        raise ValueError("a label is empty (two dots in a row, or a dot in front)")
    lowered = label.lower()
    if not lowered.isascii():
        return _to_a_label(lowered)
    if len(lowered) > _LONGEST_LABEL:
        raise ValueError(f"a label is longer than {_LONGEST_LABEL} characters")
    if not _LDH_LABEL.match(lowered):
        raise ValueError(
            f"the label {label!r} holds other characters than letters, digits and inner hyphens"
        )
    if lowered[2:4] == "--":
        _check_a_label(lowered)
    return lowered


def _to_a_label(label: str) -> str:
    """The A-label of a lower-case U-label under IDNA2008 (RFC 5891 4.4)."""
    import idna

    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(f"the label {label!r} is not a valid IDNA2008 label") from error


def _check_a_label(label: str) -> None:
    """Refuse a label with `--` at 3 and 4 that is no A-label (RFC 5890 2.3.1, 2.3.2.1)."""
    if not label.startswith("xn--"):
        raise ValueError(f"the label {label!r} has hyphens in places 3 and 4 but is no A-label")
    import idna

    try:
        there_and_back = idna.alabel(idna.ulabel(label)).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(f"the label {label!r} is not a valid A-label") from error
    if there_and_back != label:
        raise ValueError(f"the label {label!r} is not a valid A-label")


def _refuse_unregistrable(name: str, *, wildcard: bool) -> None:
    """Refuse internal, special and public-suffix names (BR 1.6.1, 3.2.2.6, 4.2.2)."""
    last = name.rsplit(".", 1)[-1]
    if last in _SPECIAL_TLDS:
        raise ValueError(_SPECIAL_TLDS[last])
    suffix = _suffixes().publicsuffix(name)
    if suffix is None:
        raise ValueError(f"it ends in .{last}, which is no public top-level domain: internal name")
    if suffix == name:
        what = "a wildcard directly below a" if wildcard else "a"
        raise ValueError(f"{what} public suffix ({suffix}) cannot be certified")
