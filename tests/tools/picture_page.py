"""Takes the pictures of the approval page that the documents show.

python -m tests.tools.picture_page [FOLDER]      writes approval-page.png and approval-page-ko.png
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lab.browser import Browser, find
from tests.page_server import serving
from tests.unit.email.world import World

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
_LANGUAGES = {"": "approval-page.png", "?lang=ko": "approval-page-ko.png"}


def main() -> int:
    """Write the pictures; 1 when there is no browser."""
    path = find()
    if path is None:
        print("There is no Chromium on this machine; install the package chromium.")
        return 1
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    world = World()
    world.book.allocate(orders=1041)
    world.place(certificate__dns_names=["example.com"], dcv_emails=[])
    (mail, *_) = [one for one in world.deliver() if one.address == "admin@example.com"]
    with serving(world) as (base, _asked), Browser(path, width=820, height=900) as browser:
        for query, name in _LANGUAGES.items():
            browser.open(f"{base}/approve/{mail.message_id}{query}#{mail.value}")
            browser.screenshot(folder / name)
            print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
