"""Where perspectives can stand: registry region, position, and how far apart (BR 3.2.2.9)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Region:
    """Registry region and position (degrees, city level) of an AWS region."""

    rir: str  # ARIN, RIPE, APNIC, LACNIC or AFRINIC
    latitude: float
    longitude: float


#: AWS regions by the country they lie in and that country's registry (NRO).
REGIONS: dict[str, Region] = {
    "us-east-1": Region("ARIN", 39.0, -77.5),  # Northern Virginia
    "us-east-2": Region("ARIN", 40.0, -83.0),  # Ohio
    "us-west-1": Region("ARIN", 37.4, -121.9),  # Northern California
    "us-west-2": Region("ARIN", 45.8, -119.7),  # Oregon
    "ca-central-1": Region("ARIN", 45.5, -73.6),  # Montréal
    "ca-west-1": Region("ARIN", 51.0, -114.1),  # Calgary
    "mx-central-1": Region("LACNIC", 20.6, -100.4),  # Querétaro
    "sa-east-1": Region("LACNIC", -23.5, -46.6),  # São Paulo
    "eu-west-1": Region("RIPE", 53.3, -6.3),  # Dublin
    "eu-west-2": Region("RIPE", 51.5, -0.1),  # London
    "eu-west-3": Region("RIPE", 48.9, 2.4),  # Paris
    "eu-central-1": Region("RIPE", 50.1, 8.7),  # Frankfurt
    "eu-central-2": Region("RIPE", 47.4, 8.5),  # Zürich
    "eu-north-1": Region("RIPE", 59.3, 18.1),  # Stockholm
    "eu-south-1": Region("RIPE", 45.5, 9.2),  # Milan
    "eu-south-2": Region("RIPE", 41.6, -0.9),  # Aragón
    "il-central-1": Region("RIPE", 32.1, 34.8),  # Tel Aviv
    "me-south-1": Region("RIPE", 26.1, 50.6),  # Bahrain
    "me-central-1": Region("RIPE", 24.5, 54.4),  # United Arab Emirates
    "af-south-1": Region("AFRINIC", -33.9, 18.4),  # Cape Town
    "ap-south-1": Region("APNIC", 19.1, 72.9),  # Mumbai
    "ap-south-2": Region("APNIC", 17.4, 78.5),  # Hyderabad
    "ap-southeast-1": Region("APNIC", 1.4, 103.8),  # Singapore
    "ap-southeast-2": Region("APNIC", -33.9, 151.2),  # Sydney
    "ap-southeast-3": Region("APNIC", -6.2, 106.8),  # Jakarta
    "ap-southeast-4": Region("APNIC", -37.8, 145.0),  # Melbourne
    "ap-southeast-5": Region("APNIC", 3.1, 101.7),  # Kuala Lumpur
    "ap-southeast-7": Region("APNIC", 13.8, 100.5),  # Bangkok
    "ap-northeast-1": Region("APNIC", 35.7, 139.7),  # Tokyo
    "ap-northeast-2": Region("APNIC", 37.6, 127.0),  # Seoul
    "ap-northeast-3": Region("APNIC", 34.7, 135.5),  # Osaka
    "ap-east-1": Region("APNIC", 22.3, 114.2),  # Hong Kong
    "ap-east-2": Region("APNIC", 25.0, 121.5),  # Taipei
}

#: The six remote perspectives; one more than 2026-12-15 demands, so that a region may fail. All are
#: open to every account from its first day.
REMOTE_REGIONS: tuple[str, ...] = (
    "us-west-2",
    "eu-central-1",
    "eu-west-1",
    "ap-northeast-1",
    "ap-southeast-2",
    "sa-east-1",
)

_EARTH_RADIUS_KM = 6371.0
_APART_KM = 500.0  # BR 3.2.2.9, between any two places, the primary's included


def distance_km(one: Region, other: Region) -> float:
    """Great-circle distance."""
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def placement_flaws(remotes: Sequence[str], home: str = "") -> tuple[str, ...]:
    """Why perspectives in the regions `remotes` may not corroborate what `home` sees, if so.

    `home` is the primary's region, "" where it is not known.
    """
    unknown = [name for name in dict.fromkeys(remotes) if name not in REGIONS]
    flaws = [f"{name} is no region whose place is known" for name in unknown]
    known = [name for name in (*([home] if home else []), *remotes) if name in REGIONS]
    for one, other in combinations(known, 2):
        apart = distance_km(REGIONS[one], REGIONS[other])
        if apart < _APART_KM:
            flaws.append(f"{one} and {other} are {apart:.0f} km apart, 500 km is the least")
    return tuple(flaws)
