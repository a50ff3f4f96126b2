"""What holds for every page of the router, in light and in dark, in English and in Chinese."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import NewContext, axe_violations, serving, signed_in, watching
from tests.web.contract_world import World
from tests.web.lived_in import MOMENT, lived_in, standing_still
from tests.web.visits import OPENED, PAGES, Visit, go, routes

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "light-en": {"color_scheme": "light", "locale": "en-US"},
    "dark-zh": {"color_scheme": "dark", "locale": "zh-CN"},
}


@dataclass
class Tour:
    """The pages of a world in one look, each user's in a browser context of his own."""

    world: World
    new_context: NewContext
    look: str
    pages: dict[str, Page] = field(default_factory=dict)

    def go(self, visit: Visit) -> Page:
        if visit.user not in self.pages:
            options = {"viewport": {"width": 1280, "height": 800}, "timezone_id": "UTC", "reduced_motion": "reduce"}
            watched = self.new_context(**options, **LOOKS[self.look])
            watched.context.clock.set_fixed_time(MOMENT)
            self.pages[visit.user] = signed_in(self.world, watched, visit.user)
        page = self.pages[visit.user]
        if page.locator("dialog").count():
            page.reload()
        go(page, visit, self.world)
        return page


@pytest.fixture(scope="module", params=LOOKS)
def tour(request: pytest.FixtureRequest, chromium: Browser, built_page: Path) -> Iterator[Tour]:
    with standing_still():
        world = lived_in()
        with serving(world, built_page) as site, watching(chromium, site) as new_context:
            yield Tour(world, new_context, str(request.param))


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.parametrize("visit", (*PAGES, *OPENED), ids=lambda visit: visit.name)
def test_axe_finds_nothing(tour: Tour, visit: Visit, screenshots: Path) -> None:
    page = tour.go(visit)
    page.screenshot(path=screenshots / f"{visit.name}-{tour.look}.png", caret="initial")
    assert axe_violations(page) == []


def test_every_page_of_the_router_is_visited() -> None:
    assert routes() - {visit.page for visit in PAGES} == {"unknown"}


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("INK_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
