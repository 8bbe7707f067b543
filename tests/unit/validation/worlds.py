"""One small world for each cause: real name servers and web servers, set up to be at fault so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dns.rdatatype import RdataType

from tests.builders import TOKEN
from tests.lab.signing import Key, Signer, ds_of, vouch
from tests.unit.validation.internet import Internet, a_zone, delegate
from tests.unit.validation.name_servers import NET, Manner, refusing, silent
from tests.unit.validation.web_servers import CLOSED, CONFUSED, PLAIN, WebServers
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.causes import CauseCode

HOST = "www.example.com"
OURS = "ca.example.net"
OLD = "_" + "2" * 26
TXT, CNAME, HTTP = DcvMethodName.DNS_TXT, DcvMethodName.DNS_CNAME, DcvMethodName.HTTP_FILE


@dataclass(frozen=True, slots=True)
class Place:
    """What a world is made in. HOST itself exists with a mail record, and nothing else."""

    internet: Internet
    web: WebServers

    def record(self, name: str, rdtype: str, text: str, ttl: int = 300) -> None:
        for zone in (self.internet.first_zone, self.internet.second_zone):
            zone.add(f"{name}.", rdtype, text, ttl=ttl)

    def txt(self, name: str, text: str) -> None:
        self.record(name, "TXT", f'"{text}"')

    def host(self, address: str, name: str = HOST) -> None:
        self.record(name, "A", address)

    def manner(self, manner: Manner) -> None:
        """The manner of both name servers of example.com."""
        self.internet.first.manner = self.internet.second.manner = manner


@dataclass(frozen=True, slots=True)
class World:
    """A world, what is asked in it, and the cause that must come out. `words` stand in its text."""

    cause: CauseCode
    method: DcvMethodName
    make: Callable[[Place], None]
    words: str
    name: str = HOST

    @property
    def title(self) -> str:
        return f"{self.cause}-{self.method}-{self.make.__name__.strip('_')}"


def _nothing(place: Place) -> None:
    place.record(HOST, "MX", "10 mail.example.com.")


def _no_such_name(place: Place) -> None: ...


def _other_text(place: Place) -> None:
    place.txt(HOST, "v=spf1 -all")


def _other_target(place: Place) -> None:
    place.record(f"{TOKEN}.{HOST}", "CNAME", "dcv.somebody.example.")


def _relative_target(place: Place) -> None:
    """A target without its final dot: the zone's own name was added."""
    place.record(f"{TOKEN}.{HOST}", "CNAME", f"dcv.{OURS}.example.com.")


def _old_text_everywhere(place: Place) -> None:
    place.txt(HOST, OLD)


def _old_text_at_one_server(place: Place) -> None:
    place.internet.first_zone.add(f"{HOST}.", "TXT", f'"{TOKEN}"')
    place.internet.second_zone.add(f"{HOST}.", "TXT", f'"{OLD}"', ttl=86400)


def _old_target(place: Place) -> None:
    place.record(f"_dnsauth.{HOST}", "CNAME", f"{OLD}.dcv.{OURS}.")


def _quoted_text(place: Place) -> None:
    place.txt(HOST, f'\\"{TOKEN}\\"')


def _text_cut(place: Place) -> None:
    place.txt(HOST, TOKEN[:-3])


def _text_in_capitals(place: Place) -> None:
    place.txt(HOST, TOKEN.upper())


def _text_behind_alias_of_parent(place: Place) -> None:
    place.record("shop.example.com", "CNAME", "there.example.com.")
    place.txt("there.example.com", TOKEN)


def _alias_beside(place: Place) -> None:
    place.record(HOST, "CNAME", "pages.example.com.")
    place.host(PLAIN, "pages.example.com")


def _doubled_text(place: Place) -> None:
    _nothing(place)
    place.txt(f"{HOST}.example.com", TOKEN)


def _doubled_alias(place: Place) -> None:
    place.record(f"{TOKEN}.{HOST}.example.com", "CNAME", f"dcv.{OURS}.")


def _label_without_underscore(place: Place) -> None:
    place.record(f"{TOKEN[1:]}.{HOST}", "CNAME", f"dcv.{OURS}.")


def _dnsauth_without_underscore(place: Place) -> None:
    place.txt(f"dnsauth.{HOST}", TOKEN)


def _one_server_lacks_it(place: Place) -> None:
    place.internet.first_zone.add(f"{HOST}.", "TXT", f'"{TOKEN}"')


def _one_server_lacks_the_alias(place: Place) -> None:
    place.internet.second_zone.add(f"{TOKEN}.{HOST}.", "CNAME", f"DCV.{OURS}.")


def _lame(place: Place) -> None:
    place.manner(refusing)


def _silent(place: Place) -> None:
    place.manner(silent)


def _kept_elsewhere(place: Place) -> None:
    """The registry still sends everybody to the old provider, whose copy names the new one."""
    servers = place.internet.servers
    delegate(place.internet.com, "moved.com", {"ns1.old.moved.com.": 5})
    stale = a_zone("moved.com", {"ns1.new.example.net.": 6, "ns2.new.example.net.": 7})
    stale.add("ns1.old", "A", f"{NET}5")
    servers.add(5, [stale])


def _unregistered(place: Place) -> None: ...


def _missing_file(place: Place) -> None:
    place.host(PLAIN)


def _gone(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "refuse", "410")


def _file_at_parent(place: Place) -> None:
    place.host(PLAIN)
    place.host(PLAIN, "example.com")
    place.web.put("example.com", TOKEN)


def _web_page(place: Place) -> None:
    place.host(PLAIN)
    place.web.put(HOST, "<!doctype html><title>Welcome</title>")


def _empty_file(place: Place) -> None:
    place.host(PLAIN)
    place.web.put(HOST, "\n")


def _old_file(place: Place) -> None:
    place.host(PLAIN)
    place.web.put(HOST, OLD)


def _file_in_capitals(place: Place) -> None:
    place.host(PLAIN)
    place.web.put(HOST, TOKEN.upper())


def _quoted_file(place: Place) -> None:
    place.host(PLAIN)
    place.web.put(HOST, f'"{TOKEN}"')


def _longer_file(place: Place) -> None:
    place.host(PLAIN)
    place.web.put(HOST, f"{TOKEN} and more")


def _login_page(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "login")


def _sent_to_login(place: Place) -> None:
    place.host(PLAIN)
    place.host(PLAIN, "id.example.com")
    place.web.treat(HOST, "redirect", "http://id.example.com/login?next={path}")


def _unauthorized(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "refuse", "401")


def _forbidden(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "refuse", "403")


def _broken(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "refuse", "503")


def _redirect(where: str) -> Callable[[Place], None]:
    def make(place: Place) -> None:
        place.host(PLAIN)
        place.web.treat(HOST, "redirect", where)

    make.__name__ = f"redirect {where}"
    return make


def _round_and_round(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "count")


def _private(place: Place) -> None:
    place.host("10.20.30.40")


def _redirect_to_private(place: Place) -> None:
    place.host(PLAIN)
    place.host("192.168.1.1", "inside.example.com")
    place.web.treat(HOST, "redirect", "http://inside.example.com/")


def _no_tls(place: Place) -> None:
    """Port 80 sends to port 443, where nobody speaks TLS."""
    place.host(CONFUSED)
    place.web.treat(HOST, "redirect", f"https://{HOST}{{path}}")


def _closed(place: Place) -> None:
    place.host(CLOSED)


def _stalling(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "stall")


def _dripping(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "drip")


def _babbling(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "babble", "220 mail.example.com ESMTP\r\n")


def _endless_head(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "flood_head")


def _flooding(place: Place) -> None:
    place.host(PLAIN)
    place.web.treat(HOST, "flood")


def _signed(*, ds: bool = True, **faults: Any) -> Callable[[Place], None]:
    """The zone is signed with these faults; without `ds`, another key's DS stands above it."""

    def at_fault(place: Place) -> None:
        place.txt(HOST, TOKEN)
        place.host(PLAIN)
        place.internet.sign(example=Signer(**faults))
        if not ds:
            zone = place.internet.first_zone
            place.internet.com.nodes[zone.origin].pop(RdataType.DS)
            vouch(place.internet.com, zone, ds_of(zone, Key.make()))

    at_fault.__name__ = "-".join(("signed", *map(str, sorted(faults)), *([] if ds else ["ds"])))
    return at_fault


def _spoilt(signature: bytes) -> bytes:
    return signature[:-1] + bytes((signature[-1] ^ 1,))


C = CauseCode
WORLDS: Sequence[World] = (
    World(C.NOTHING_AT_THE_NAME, TXT, _nothing, "the name exists, but has no TXT record"),
    World(C.NOTHING_AT_THE_NAME, CNAME, _nothing, f"CNAME {TOKEN}.{HOST}: nothing at the name"),
    World(C.NAME_DOES_NOT_EXIST, TXT, _no_such_name, "NXDOMAIN"),
    World(C.VALUE_DIFFERS, TXT, _other_text, '"v=spf1 -all"'),
    World(C.VALUE_DIFFERS, CNAME, _other_target, "dcv.somebody.example"),
    World(C.VALUE_DIFFERS, CNAME, _relative_target, f"dcv.{OURS}.example.com"),
    World(C.OLD_VALUE_SERVED, TXT, _old_text_everywhere, "ns1.example.com (127.40.0.3), ns2"),
    World(C.OLD_VALUE_SERVED, TXT, _old_text_at_one_server, "ns2.example.com (127.40.0.4); caches"),
    World(C.OLD_VALUE_SERVED, TXT, _old_text_at_one_server, "86400 seconds"),
    World(C.OLD_VALUE_SERVED, CNAME, _old_target, f"{OLD}.dcv.{OURS}"),
    World(C.OLD_VALUE_SERVED, HTTP, _old_file, PLAIN),
    World(C.VALUE_QUOTED, TXT, _quoted_text, "quotation marks"),
    World(C.VALUE_QUOTED, HTTP, _quoted_file, f"http://{HOST}/.well-known"),
    World(C.VALUE_CUT, TXT, _text_cut, TOKEN[:-3]),
    World(C.VALUE_CUT, HTTP, _longer_file, "and more"),
    World(C.VALUE_WRONG_CASE, TXT, _text_in_capitals, TOKEN.upper()),
    World(C.VALUE_WRONG_CASE, HTTP, _file_in_capitals, TOKEN.upper()),
    World(
        *(C.VALUE_BEHIND_ALIAS, TXT, _text_behind_alias_of_parent, "CNAME to there.example.com"),
        name="a.shop.example.com",
    ),
    World(C.ALIAS_IN_THE_WAY, TXT, _alias_beside, "is a CNAME to pages.example.com"),
    World(C.RECORD_AT_DOUBLED_LABEL, TXT, _doubled_text, "twice"),
    World(C.RECORD_AT_DOUBLED_LABEL, CNAME, _doubled_alias, f"{TOKEN}.{HOST}.example.com"),
    World(C.LABEL_WITHOUT_UNDERSCORE, CNAME, _label_without_underscore, f"{TOKEN[1:]}.{HOST}"),
    World(C.LABEL_WITHOUT_UNDERSCORE, TXT, _dnsauth_without_underscore, f"dnsauth.{HOST}"),
    World(C.SERVERS_DISAGREE, TXT, _one_server_lacks_it, "Without: ns2.example.com"),
    World(C.SERVERS_DISAGREE, CNAME, _one_server_lacks_the_alias, "Without: ns1.example.com"),
    World(C.SERVERS_FAIL, TXT, _lame, "REFUSED"),
    World(C.TIME_OUT, TXT, _silent, "in time"),
    World(C.NO_DELEGATION, TXT, _unregistered, "does not exist", name="www.unregistered.com"),
    World(
        *(C.DELEGATED_ELSEWHERE, TXT, _kept_elsewhere),
        "sends everybody to ns1.old.moved.com, but the zone itself names other servers:"
        " ns1.new.example.net, ns2.new.example.net",
        name="www.moved.com",
    ),
    World(C.DNSSEC_EXPIRED, TXT, _signed(begins=-7200, ends=-3600), "expired at 20"),
    World(C.DNSSEC_UNSIGNED, TXT, _signed(signs=False), "has no signature (RRSIG)"),
    World(
        *(C.DNSSEC_UNSIGNED, TXT, _signed(unsigned=frozenset({RdataType.TXT}))),
        f"TXT {HOST} has no signature (RRSIG) (ns",
    ),
    World(C.DNSSEC_NO_KEY, TXT, _signed(ds=False), "the one that its parent's DS names"),
    World(C.DNSSEC_NO_KEY, TXT, _signed(signs_with=Key.make()), "not a key of the zone in charge"),
    World(C.DNSSEC_UNPROVEN, CNAME, _signed(proofs=False), "sends no proof (NSEC, NSEC3)"),
    World(C.DNSSEC_BOGUS, TXT, _signed(spoil=_spoilt), "does not fit the records"),
    World(C.DNSSEC_BOGUS, TXT, _signed(begins=3600), "only"),
    World(C.DNSSEC_BOGUS, HTTP, _signed(spoil=_spoilt), f"the address of {HOST} cannot be looked"),
    World(C.FILE_NOT_FOUND, HTTP, _missing_file, "status 404"),
    World(C.FILE_NOT_FOUND, HTTP, _gone, "status 410"),
    World(C.FILE_AT_PARENT, HTTP, _file_at_parent, "http://example.com/.well-known"),
    World(C.FILE_DIFFERS, HTTP, _web_page, "<title>Welcome</title>"),
    World(C.FILE_DIFFERS, HTTP, _empty_file, "an empty file"),
    World(C.FILE_DIFFERS, HTTP, _flooding, "xxx' and more"),
    World(C.LOGIN_PAGE, HTTP, _login_page, "Sign in"),
    World(C.LOGIN_PAGE, HTTP, _sent_to_login, "http://id.example.com/login"),
    World(C.LOGIN_PAGE, HTTP, _unauthorized, "asks to log in"),
    World(C.WEB_STATUS, HTTP, _forbidden, "status 403"),
    World(C.WEB_STATUS, HTTP, _broken, "status 503"),
    World(C.REDIRECT_FORBIDDEN, HTTP, _redirect("http://example.com:8080/"), "port 8080"),
    World(C.REDIRECT_FORBIDDEN, HTTP, _redirect("http://127.0.0.1:8080/"), "only names"),
    World(C.REDIRECT_FORBIDDEN, HTTP, _redirect("http://[::1]/"), "only names"),
    World(C.REDIRECT_FORBIDDEN, HTTP, _redirect("303 /there"), "status 303"),
    World(C.REDIRECT_FORBIDDEN, HTTP, _redirect("ftp://example.com/"), "ftp"),
    World(C.REDIRECT_FORBIDDEN, HTTP, _round_and_round, "10th in a row"),
    World(C.PRIVATE_ADDRESS, HTTP, _private, "10.20.30.40, which is not of the public internet"),
    World(C.PRIVATE_ADDRESS, HTTP, _redirect_to_private, "192.168.1.1"),
    World(C.NO_WEB_ADDRESS, HTTP, _nothing, f"{HOST} has no address"),
    World(C.NO_WEB_ADDRESS, HTTP, _no_such_name, "NXDOMAIN"),
    World(C.WEB_ADDRESS_UNKNOWN, HTTP, _lame, "REFUSED"),
    World(C.TLS_FAILURE, HTTP, _no_tls, f"https://{HOST}"),
    World(C.WEB_REFUSED, HTTP, _closed, "refused"),
    World(C.WEB_TIME_OUT, HTTP, _stalling, "in time"),
    World(C.WEB_TIME_OUT, HTTP, _dripping, "in time"),
    World(C.WEB_UNREADABLE, HTTP, _babbling, "no HTTP answer"),
    World(C.WEB_UNREADABLE, HTTP, _endless_head, "does not end"),
)
