"""What holds for every page of the router, in light and in dark, in English and in Chinese."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.web.conftest import NewContext, axe_violations, serving, signed_in, watching
from tests.web.contract_world import World
from tests.web.keyboard import walked
from tests.web.language import english_on, latin_words
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
    answers: list[Response] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def go(self, visit: Visit) -> Page:
        if visit.user not in self.pages:
            options = {"viewport": {"width": 1280, "height": 800}, "timezone_id": "UTC", "reduced_motion": "reduce"}
            watched = self.new_context(**options, **LOOKS[self.look])
            watched.context.clock.set_fixed_time(MOMENT)
            self.pages[visit.user] = page = signed_in(self.world, watched, visit.user)
            page.on("response", lambda answer: self.answers.append(answer))
        page = self.pages[visit.user]
        if page.locator("dialog").count():
            page.reload()
        go(page, visit, self.world)
        return page

    def heard(self) -> set[str]:
        """The words that the server sent: what is shown of them is data."""
        told = [one.text() for one in self.answers if "json" in one.headers.get("content-type", "")]
        self.answers.clear()
        self.words |= latin_words(" ".join(told))
        return self.words


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("INK_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module", params=LOOKS)
def tour(request: pytest.FixtureRequest, chromium: Browser, built_page: Path) -> Iterator[Tour]:
    with standing_still():
        world = lived_in()
        with serving(world, built_page) as site, watching(chromium, site) as new_context:
            streamed = str([*(one.events for one in world.sessions.values()), *world.recordings.values()])
            yield Tour(world, new_context, str(request.param), words=latin_words(streamed))


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
@pytest.mark.parametrize("visit", (*PAGES, *OPENED), ids=lambda visit: visit.name)
def test_the_page_is_readable_and_speaks_its_language(tour: Tour, visit: Visit, screenshots: Path) -> None:
    page = tour.go(visit)
    page.screenshot(path=screenshots / f"{visit.name}-{tour.look}.png", caret="initial")
    theme, language = tour.look.split("-")
    said = page.evaluate("[document.documentElement.dataset.theme, document.documentElement.lang.slice(0, 2)]")
    assert said == [theme, language]
    assert axe_violations(page) == []
    if language == "zh":
        assert english_on(page, tour.heard()) == []


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.parametrize("tour", ["light-en"], indirect=True)
@pytest.mark.parametrize("visit", (*PAGES, *OPENED), ids=lambda visit: visit.name)
def test_the_keyboard_reaches_all_that_can_be_used_and_shows_where_it_is(tour: Tour, visit: Visit) -> None:
    page = tour.go(visit)
    unreached, ringless = walked(page)
    assert unreached == []
    assert ringless == []


def test_every_page_of_the_router_is_visited() -> None:
    assert routes() - {visit.page for visit in PAGES} == {"unknown"}
