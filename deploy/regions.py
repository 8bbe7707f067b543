"""Where the remote perspectives go; the places themselves are domain knowledge (BR 3.2.2.9)."""

from __future__ import annotations

from typing import NamedTuple

from vouchsafe.domain.regions import REGIONS, REMOTE_REGIONS, placement_flaws

PRIMARY_REGION = "us-east-1"
#: What stands in for a region that the primary's own is, or is too near to; one of the same
#: registry where it fits, else the first that does. Open to every account from its first day.
SPARE_REGIONS = ("us-east-1", "us-east-2", "eu-north-1", "ap-south-1", "ap-southeast-1")


class Place(NamedTuple):
    """A region to deploy perspective.yaml to, and its registry region."""

    region: str
    rir: str


def perspectives_for(home: str) -> tuple[Place, ...]:
    """Where the perspectives of a primary in `home` go: six places that may corroborate it.

    Raises ValueError for a region whose place nobody knows.
    """
    if home not in REGIONS:
        raise ValueError(f"{home} is no region whose place is known (domain/regions.py)")
    chosen = [region for region in REMOTE_REGIONS if not placement_flaws([region], home)]
    for missing in (region for region in REMOTE_REGIONS if region not in chosen):
        chosen.append(_stand_in(missing, chosen, home))
    return tuple(Place(region, REGIONS[region].rir) for region in chosen)


def _stand_in(missing: str, chosen: list[str], home: str) -> str:
    rir = REGIONS[missing].rir
    for region in sorted(SPARE_REGIONS, key=lambda each: REGIONS[each].rir != rir):
        if not placement_flaws([*chosen, region], home):
            return region
    raise ValueError(f"no region can stand in for {missing} beside a primary in {home}")


PERSPECTIVES = perspectives_for(PRIMARY_REGION)
