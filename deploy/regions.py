"""Where the remote perspectives go; the places themselves are domain knowledge (BR 3.2.2.9)."""

from __future__ import annotations

from typing import NamedTuple

from vouchsafe.domain.corroboration import REGIONS, REMOTE_REGIONS

PRIMARY_REGION = "us-east-1"


class Place(NamedTuple):
    """A region to deploy perspective.yaml to, and its registry region."""

    region: str
    rir: str


PERSPECTIVES = tuple(Place(region, REGIONS[region].rir) for region in REMOTE_REGIONS)
