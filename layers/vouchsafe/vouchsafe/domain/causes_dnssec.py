"""The catalogue's entries about signatures of zones (DNSSEC), and which flaw is which.

Facts: `where` is the name that was looked up, `detail` what is wrong with its signatures, and at
which server.
"""

from __future__ import annotations

from .cause import Cause, CauseCode
from .dnssec import Flaw

_SAYS = "What the DNS says about {where} cannot be trusted (DNSSEC): {detail}."
_OR_UNSIGNED = " If you do not want DNSSEC, have the DS records removed at your registrar first."

DNSSEC_CAUSES: dict[CauseCode, Cause] = {
    CauseCode.DNSSEC_EXPIRED: Cause(
        _SAYS,
        "Sign the zone anew, at all its name servers, and make sure that this happens by itself"
        " before signatures run out.",
    ),
    CauseCode.DNSSEC_UNSIGNED: Cause(
        _SAYS + " The parent zone says that it is signed.",
        "Make all name servers of the zone send signatures, or remove those that cannot."
        + _OR_UNSIGNED,
    ),
    CauseCode.DNSSEC_NO_KEY: Cause(
        _SAYS,
        "Enter the DS records of the keys that the zone has now at your registrar; after a move to"
        " other name servers those of the old ones remain." + _OR_UNSIGNED,
    ),
    CauseCode.DNSSEC_UNPROVEN: Cause(
        _SAYS,
        "Ask your DNS provider to repair the zone's NSEC or NSEC3 records; signing the zone anew"
        " makes them.",
    ),
    CauseCode.DNSSEC_BOGUS: Cause(
        _SAYS,
        "Sign the zone anew, and check that nothing between its name servers and the internet"
        " changes answers." + _OR_UNSIGNED,
    ),
    CauseCode.CAA_BOGUS: Cause(
        "What the DNS says about CAA for {name} cannot be trusted (DNSSEC): {detail}. That is not a"
        " permission (BR 4.2.2.1).",
        "Sign the zone anew, and compare the DS records at your registrar with its keys."
        + _OR_UNSIGNED,
    ),
}

CAUSE_OF: dict[Flaw, CauseCode] = {
    Flaw.EXPIRED: CauseCode.DNSSEC_EXPIRED,
    Flaw.NOT_YET_VALID: CauseCode.DNSSEC_BOGUS,
    Flaw.UNSIGNED: CauseCode.DNSSEC_UNSIGNED,
    Flaw.INVALID: CauseCode.DNSSEC_BOGUS,
    Flaw.NO_KEY: CauseCode.DNSSEC_NO_KEY,
    Flaw.UNPROVEN: CauseCode.DNSSEC_UNPROVEN,
    Flaw.TOO_MUCH_WORK: CauseCode.DNSSEC_BOGUS,
}
