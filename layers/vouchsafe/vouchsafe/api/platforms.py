"""Server software by the vendor's numbers, and which form of download suits it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlatform:
    """One row: `slug` names files, `form` is a format of `bundles.FORMATS`."""

    platform_id: int
    name: str
    slug: str
    form: str


OTHER = ServerPlatform(platform_id=-1, name="OTHER", slug="other", form="default_pem")

#: The numbers whose meaning we know. 29 is asked for by clients that read the answer as pem_all.
PLATFORMS: dict[int, ServerPlatform] = {
    row.platform_id: row
    for row in (
        OTHER,
        ServerPlatform(platform_id=2, name="Apache", slug="apache", form="apache"),
        ServerPlatform(platform_id=29, name="Lotus Domino", slug="domino", form="pem_all"),
        ServerPlatform(platform_id=34, name="Microsoft IIS 5 or 6", slug="iis", form="cer"),
        ServerPlatform(platform_id=35, name="Microsoft IIS 7 or later", slug="iis", form="cer"),
        ServerPlatform(platform_id=45, name="nginx", slug="nginx", form="nginx"),
        ServerPlatform(platform_id=57, name="Other", slug="other", form="default_pem"),
    )
}


def platform_of(number: int | None) -> ServerPlatform:
    """The platform of that number; OTHER for none, and for one we do not know."""
    return PLATFORMS.get(OTHER.platform_id if number is None else number, OTHER)
