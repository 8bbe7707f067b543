"""An order that is to name an organization, under check; people decide when a test says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.builders import MOMENT, NAMES
from tests.builders_accounts import an_organization
from tests.builders_organizations import a_found_validation
from tests.fakes import Tripwire
from tests.unit.validation.checking import Bench
from vouchsafe.domain.authorization import Authorization
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.organization import Organization, OrganizationCheck
from vouchsafe.services.validation import CheckOutcome

FIRST_LOOK = MOMENT + timedelta(seconds=60)
WAIT = timedelta(days=90)


class Meanwhile(Tripwire):
    """Does something right before the first call of that name."""

    def __init__(self, name: str, act: Callable[[], None]) -> None:
        super().__init__()
        self._name, self._act = name, act

    @contextmanager
    def crossing(self, name: str) -> Iterator[None]:
        if name == self._name and name not in self.calls:
            self.calls.append(name)
            self._act()
        self.calls.append(name)
        yield


class NamingBench(Bench):
    """Order 1001 for `ssl_basic` (or another product), of organization 601, not validated yet."""

    def __init__(self, product: str = "ssl_basic", **certificate: Any) -> None:
        super().__init__(NAMES, product_id=product, **certificate)
        order = replace(self.dossier.order, product_id=product, organization_id=601, version=2)
        self.book.commit(order, an_organization())

    def wire(self, tripwire: Tripwire) -> None:
        """From now on every call crosses this tripwire; the set-up did not."""
        self.book._tripwire = tripwire  # noqa: SLF001

    def validate(self, check: OrganizationCheck = OrganizationCheck.OV, **changed: Any) -> None:
        """Operators approve, now."""
        now = self.clock.now()
        given = {"validated_at": now, "validated_until": now + timedelta(days=398)} | changed
        self.organize(validations=(a_found_validation(check, **given),))

    def organize(self, **changed: Any) -> None:
        standing = self.book.records[(Organization, 1, 601)]
        self.book.commit(replace(standing, version=standing.version + 1, **changed))

    def park(self) -> datetime:
        """Names are proven, the organization is not; when that was."""
        self.publish(*NAMES)
        self.check_at(FIRST_LOOK)
        assert self.certificate.waits_for_people
        return FIRST_LOOK

    def wake_at(self, when: datetime) -> CheckOutcome:
        """Somebody starts the next run at that moment."""
        return self.check_at(when, run=self.certificate.run + 1)

    def rewrite_names(self, items: tuple[Authorization, ...]) -> None:
        """The names stand otherwise."""
        before = self.certificate
        self.book.commit(
            replace(before, version=before.version + 1),
            Authorizations(order_id=1001, certificate_id=5001, items=items),
        )

    @property
    def kinds(self) -> list[ChangeKind]:
        return [one.kind for one in self.changes]
