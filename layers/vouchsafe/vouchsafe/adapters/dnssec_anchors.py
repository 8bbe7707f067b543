"""Where trust begins: the DS records of the root zone's key signing keys.

Both were published by IANA in https://data.iana.org/root-anchors/root-anchors.xml (RFC 9718).
"""

from __future__ import annotations

import dns.exception
import dns.rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS


def anchor(text: str) -> DS:
    """A DS from `key tag:algorithm:digest type:digest in hex`. Raises ValueError."""
    try:
        found = dns.rdata.from_text(RdataClass.IN, RdataType.DS, text.replace(":", " "))
    except dns.exception.DNSException as error:
        raise ValueError(f"no trust anchor: {error}") from error
    assert isinstance(found, DS)
    return found


#: KSK-2017, valid from 2017-02-02, and KSK-2024, valid from 2024-07-18.
IANA_ANCHORS: tuple[DS, ...] = (
    anchor("20326:8:2:E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"),
    anchor("38696:8:2:683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"),
)
