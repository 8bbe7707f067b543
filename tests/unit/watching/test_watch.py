"""The watch: what is late, given up on or old; and the numbers that anybody may read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from tests.builders import MOMENT, an_issuer_record
from tests.fake_watch import FakeDuties, FakeOutside
from tests.fakes import FakeBook, FrozenClock
from vouchsafe.domain.duties import PATIENCE, Duty, DutyDone, late, on_time
from vouchsafe.domain.letters import Language
from vouchsafe.domain.numbers import SPAN, Measured, Numbers
from vouchsafe.domain.numbers_html import to_html
from vouchsafe.domain.numbers_words import WORDS
from vouchsafe.domain.revocation import CrlState
from vouchsafe.services.keeping_watch import Ports, publish_numbers, watch

_SECOND = timedelta(seconds=1)
MEASURED = Measured(
    issued=12345,
    issued_last_day=40,
    revoked=7,
    proof_to_issue=3.4,
    revoked_to_published=150.0,
    duties_on_time=99.98,
)


class World:
    """One issuer with two shards, and everything the watch asks."""

    def __init__(self) -> None:
        self.clock = FrozenClock(MOMENT)
        self.book, self.duties, self.outside = FakeBook(), FakeDuties(), FakeOutside()
        self.issuer = replace(an_issuer_record(), shards=2)
        self.book.commit(self.issuer)

    @property
    def ports(self) -> Ports:
        return Ports(
            duties=self.duties,
            parked=self.outside,
            issuers=self.book,
            revocations=self.book,
            measurements=self.outside,
            page=self.outside,
            clock=self.clock,
        )

    def published(self, shard: int, age: timedelta) -> None:
        """That shard's list was published so long ago."""
        self.book.commit(
            CrlState(
                issuer_id=self.issuer.issuer_id,
                shard=shard,
                number=1,
                published_number=1,
                published_at=MOMENT - age,
                next_update=MOMENT,
                etag="e",
            )
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("duty", sorted(Duty))
def test_a_duty_is_late_as_soon_as_it_stayed_away_longer_than_it_may(duty: Duty) -> None:
    just = DutyDone(duty=duty, done_at=MOMENT - PATIENCE[duty])
    assert late([just], MOMENT) == ()
    assert late([just], MOMENT + _SECOND) == (duty,)
    assert (on_time([just], MOMENT), on_time([just], MOMENT + _SECOND)) == (100, 0)


def test_a_duty_that_was_never_done_is_late_once_its_time_since_the_first_watch_is_over(
    world: World,
) -> None:
    assert watch(ports=world.ports).on_time == 100
    world.clock.advance(max(PATIENCE.values()) + _SECOND)
    watched = watch(ports=world.ports)
    assert (set(watched.late), watched.on_time) == (set(Duty), 0)
    world.duties.done(Duty.RECONCILE, world.clock.now())
    watched = watch(ports=world.ports)
    assert Duty.RECONCILE not in watched.late
    assert watched.on_time == round(100 / len(Duty), 2)


def test_the_oldest_list_counts_and_one_that_was_never_published_is_named(world: World) -> None:
    world.published(0, timedelta(hours=5))
    watched = watch(ports=world.ports)
    assert (watched.crls, watched.oldest_crl) == (1, 5 * 3600)
    assert watched.unpublished == (f"{world.issuer.issuer_id}/1",)
    world.published(1, timedelta(hours=9))
    watched = watch(ports=world.ports)
    assert (watched.crls, watched.oldest_crl, watched.unpublished) == (2, 9 * 3600, ())


def test_lists_of_an_issuer_that_is_over_grow_old_without_an_alarm(world: World) -> None:
    world.published(0, timedelta(hours=5))
    world.clock.advance(world.issuer.not_after - MOMENT)
    watched = watch(ports=world.ports)
    assert (watched.crls, watched.oldest_crl, watched.unpublished) == (0, None, ())


def test_the_numbers_are_published_for_programs_and_in_both_languages(world: World) -> None:
    world.outside.found = MEASURED
    world.published(0, timedelta(hours=1))
    world.published(1, timedelta(hours=2))
    publish_numbers(watch(ports=world.ports), ports=world.ports)
    assert world.outside.asked == [(MOMENT - SPAN, MOMENT)]
    content, media_type = world.outside.pages["numbers.json"]
    said = json.loads(content)
    assert media_type == "application/json"
    assert said["certificates_issued"] == 12345
    assert said["median_seconds_from_proof_to_issue"] == 3.4
    assert said["oldest_crl_age_seconds"] == 7200
    assert [each["name"] for each in said["duties"]] == [duty.value for duty in Duty]
    assert set(world.outside.pages) == {"numbers.json", "numbers.html", "numbers-ko.html"}


class Outline(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def a_page(language: Language, measured: Measured = MEASURED) -> Outline:
    stale = DutyDone(duty=Duty.PUBLISH_CRL, done_at=MOMENT - timedelta(days=1))
    fresh = DutyDone(duty=Duty.RECONCILE, done_at=MOMENT)
    numbers = Numbers(at=MOMENT, measured=measured, oldest_crl=7200, crls=16, duties=(fresh, stale))
    return Outline(to_html(numbers, language))


@pytest.mark.parametrize("language", sorted(Language))
def test_the_page_can_be_read_without_seeing_it(language: Language) -> None:
    page = a_page(language)
    tags = [tag for tag, _ in page.tags]
    assert dict(page.tags)["html"] == {"lang": language.value}
    assert [tag for tag in tags if tag[0] == "h" and tag[1:].isdigit()] == ["h1", "h2"]
    assert {attrs["scope"] for tag, attrs in page.tags if tag == "th"} == {"row", "col"}
    assert "main" in tags and "title" in tags and "script" not in tags
    links = [attrs["href"] or "" for _, attrs in page.tags if "href" in attrs]
    assert links and not [link for link in links if "//" in link]
    assert not [attrs for _, attrs in page.tags if "src" in attrs]


@pytest.mark.parametrize("language", sorted(Language))
def test_the_page_says_the_numbers_as_people_do(language: Language) -> None:
    words, text = WORDS[language], a_page(language).text
    assert "12,345" in text and "99.98 %" in text
    assert words["seconds"].format(n="3") in text
    assert words["minutes"].format(n="2") in text
    assert [attrs for _, attrs in a_page(language).tags if attrs.get("class") == "late"]
    assert f"{words['late']}\n" in text
    assert words["nothing"] in a_page(language, Measured()).text


def test_both_languages_have_the_same_words() -> None:
    assert set(WORDS[Language.ENGLISH]) == set(WORDS[Language.KOREAN])
