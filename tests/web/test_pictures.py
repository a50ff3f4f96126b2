"""The documentation's pictures: one of each page, and none that is named but not there."""

from __future__ import annotations

import re

import pytest

from tests.web.pictures import KEPT, ROOT
from tests.web.visits import IN_THE_DARK, ON_A_PHONE, PAGES, picture

IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+\.png)\)")


@pytest.mark.requirement("WEB-SHOTS-01")
def test_a_picture_of_each_page_is_kept_and_nothing_else() -> None:
    looks = [(visit, look) for visit in (*PAGES, ON_A_PHONE) for look in ("light-en", "dark-zh")]
    wanted = {name for visit, look in looks if (name := picture(visit, look))}
    assert len(wanted) == len(PAGES) + len(IN_THE_DARK) + 1
    assert {file.name for file in KEPT.iterdir()} == wanted
    assert sum(file.stat().st_size for file in KEPT.iterdir()) < 4_000_000


@pytest.mark.requirement("WEB-SHOTS-01")
def test_every_picture_that_the_documentation_shows_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "web/README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {page: IMAGE.findall(page.read_text()) for page in pages}
    assert sum(map(len, shown.values())) > 10
    missing = [
        (page, image) for page, images in shown.items() for image in images if not (page.parent / image).is_file()
    ]
    assert missing == []
