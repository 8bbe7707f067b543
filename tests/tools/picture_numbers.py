"""Takes the pictures of the numbers page that the documents show.

python -m tests.tools.picture_numbers [FOLDER]      writes numbers-en.png and numbers-ko.png
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.builders import MOMENT
from tests.lab.browser import Browser, find
from vouchsafe.domain.duties import Duty, DutyDone
from vouchsafe.domain.letters import Language
from vouchsafe.domain.numbers import Measured, Numbers
from vouchsafe.domain.numbers_html import to_html

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
SHOWN = Numbers(
    at=MOMENT,
    measured=Measured(
        issued=12345,
        issued_last_day=412,
        revoked=37,
        proof_to_issue=2.4,
        revoked_to_published=3.1,
        duties_on_time=99.97,
    ),
    oldest_crl=5.4 * 3600,
    crls=16,
    duties=[
        DutyDone(duty=duty, done_at=MOMENT - timedelta(minutes=3 * number))
        for number, duty in enumerate(Duty)
    ],
)


def main() -> int:
    """Write the pictures; 1 when there is no browser."""
    path = find()
    if path is None:
        print("There is no Chromium on this machine; install the package chromium.")
        return 1
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with TemporaryDirectory() as pages, Browser(path, width=820, height=1040) as browser:
        for language in Language:
            page = Path(pages) / f"{language.value}.html"
            page.write_text(to_html(SHOWN, language))
            browser.open(page.as_uri())
            browser.screenshot(folder / f"numbers-{language.value}.png")
            print(folder / f"numbers-{language.value}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
