"""Takes pictures of mails: every one of the gallery, or those that the documents show.

python -m tests.tools.picture_mails [FOLDER]      without FOLDER: three of them, into docs/images
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.lab.browser import Browser, find
from tests.letter_gallery import GALLERY

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
_SHOWN = (("proof-missing", "en"), ("issued", "ko"), ("revocation-reminder", "en"))


def main() -> int:
    """Write the pictures; 1 when there is no browser."""
    path = find()
    if path is None:
        print("There is no Chromium on this machine; install the package chromium.")
        return 1
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    every = [(name, language) for name in sorted(GALLERY) for language in ("en", "ko")]
    with tempfile.TemporaryDirectory() as pages, Browser(path, width=760, height=400) as browser:
        for name, language in every if len(sys.argv) > 1 else _SHOWN:
            page = Path(pages) / "mail.html"
            page.write_text(GALLERY[name](language).html, "utf-8")
            browser.open(page.as_uri())
            browser.screenshot(folder / f"mail-{name}-{language}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
