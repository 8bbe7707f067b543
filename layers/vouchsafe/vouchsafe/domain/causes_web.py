"""The catalogue's entries about files on web servers.

Facts: `url` is where the fetch ended, `file` the URL that counts, `seen` the beginning of what
came, `detail` why a step failed.
"""

from __future__ import annotations

from .cause import Cause, CauseCode

_PLACE = "Place a text file with nothing but {value} at {file}."

WEB_CAUSES: dict[CauseCode, Cause] = {
    CauseCode.FILE_NOT_FOUND: Cause(
        "There is no file at {url}: the web server answers status {status}.", _PLACE
    ),
    CauseCode.FILE_AT_PARENT: Cause(
        "The file is at {where}, which proves another name. A file proves exactly the name it is"
        " fetched from, and nothing at {file} (BR 3.2.2.4.18).",
        _PLACE + " Or prove the name by a DNS record, which counts at its parents, too.",
    ),
    CauseCode.FILE_DIFFERS: Cause(
        "{url} holds something else than the value: {seen}.",
        "The file must hold {value} and nothing else: no markup, no other lines.",
    ),
    CauseCode.LOGIN_PAGE: Cause(
        "{url} is a page that asks to log in: {seen}.",
        "Let everybody read {file} without logging in.",
    ),
    CauseCode.WEB_STATUS: Cause(
        "The web server answers status {status} for {url}.",
        "Make it answer 200 with the file for everybody, in all countries: {file}",
    ),
    CauseCode.REDIRECT_FORBIDDEN: Cause(
        "{url} redirects to where we may not follow: {detail}.",
        "Serve the file at {file} itself, or redirect with 301, 302, 307 or 308 to a host name, on"
        " port 80 or 443, at most ten times.",
    ),
    CauseCode.PRIVATE_ADDRESS: Cause(
        "{url} was not asked: {detail}.",
        "Give the name an address (A or AAAA) of the public internet, or prove it by a DNS record.",
    ),
    CauseCode.NO_WEB_ADDRESS: Cause(
        "{url} was not asked: {detail}.",
        "Publish an A record for the name, or prove it by a DNS record.",
    ),
    CauseCode.WEB_ADDRESS_UNKNOWN: Cause(
        "{url} was not asked: {detail}.",
        "Ask your DNS provider to make the name servers of the zone answer.",
    ),
    CauseCode.TLS_FAILURE: Cause(
        "No encrypted connection to {url} came about: {detail}.",
        "Serve the file on port 80 without TLS, or repair TLS on port 443. An expired or"
        " self-signed certificate does no harm.",
    ),
    CauseCode.WEB_REFUSED: Cause(
        "The web server could not be reached for {url}: {detail}.",
        "Open ports 80 and 443 to the internet, from all countries.",
    ),
    CauseCode.WEB_TIME_OUT: Cause(
        "The web server did not answer for {url} in time: {detail}.",
        "Check that it can be reached from the internet, from all countries, and answers within"
        " four seconds.",
    ),
    CauseCode.WEB_UNREADABLE: Cause(
        "What came from {url} is not an HTTP answer that can be used: {detail}.",
        "Check that a web server listens there and answers plain GET requests.",
    ),
}
