"""What holds for every page of the router, in light and in dark, in English and in Chinese."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect

from tests.web.conftest import NewContext, axe_violations, serving, signed_in, watching
from tests.web.contract_world import World
from tests.web.keyboard import walked
from tests.web.language import english_on, latin_words
from tests.web.lived_in import MOMENT, lived_in, standing_still
from tests.web.pictures import KEPT, png_size
from tests.web.visits import ON_A_PHONE, OPENED, PAGES, PHONE, SIZE, Visit, go, picture, routes, views

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
    at: Visit | None = None

    def go(self, visit: Visit) -> Page:
        """Where it is already, nothing is loaded and clicked again for the next test."""
        if visit is self.at:
            return self.pages[visit.user]
        self.at = None
        if visit.user not in self.pages:
            self.pages[visit.user] = self.open(visit.user, SIZE)
        page = self.pages[visit.user]
        if page.locator("dialog").count():
            page.keyboard.press("Escape")  # not a reload: it would take the answers away that are still to be read
            expect(page.locator("dialog")).to_have_count(0)
        go(page, visit, self.world)
        self.at = visit
        return page

    def open(self, user: str, size: dict[str, int]) -> Page:
        options = {"viewport": size, "timezone_id": "UTC", "reduced_motion": "reduce"}
        watched = self.new_context(**options, **LOOKS[self.look])
        watched.context.clock.set_fixed_time(MOMENT)
        page = signed_in(self.world, watched, user) if user else watched.page()
        page.on("response", lambda answer: self.answers.append(answer))
        return page

    def heard(self) -> set[str]:
        """The words that the server sent: what is shown of them is data."""
        told = [_body(one) for one in self.answers if "json" in one.headers.get("content-type", "")]
        self.answers.clear()
        self.words |= latin_words(" ".join(told))
        return self.words


def _body(answer: Response) -> str:
    """Nothing, where the page gave the request up or was left meanwhile: what it shows was told another time."""
    try:
        return answer.text()
    except Error:
        return ""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures are made: a folder that is thrown away, but for `make screenshots`."""
    return Path(os.environ.get("INK_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))


def shoot(page: Page, visit: Visit, look: str, pictures: Path) -> None:
    """Made anew, it has the size of the one that is kept. To hide the caret would take a style against the policy."""
    if name := picture(visit, look):
        page.screenshot(path=pictures / name, caret="initial")
        assert png_size(pictures / name) == png_size(KEPT / name), "run `make screenshots`"


@pytest.fixture(scope="module", params=LOOKS)
def tour(request: pytest.FixtureRequest, chromium: Browser, built_page: Path) -> Iterator[Tour]:
    with standing_still():
        world = lived_in()
        with serving(world, built_page) as served, watching(chromium, served.address) as new_context:
            streamed = str([*(one.events for one in world.sessions.values()), *world.recordings.values()])
            yield Tour(world, new_context, str(request.param), words=latin_words(streamed))


@pytest.fixture(scope="class", params=(*PAGES, *OPENED), ids=lambda visit: visit.name)
def visit(request: pytest.FixtureRequest) -> Visit:
    """By this scope pytest has all tests of one visit in turn, within a tour."""
    return request.param


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
@pytest.mark.requirement("WEB-SHOTS-01")
def test_the_page_is_readable_and_speaks_its_language(tour: Tour, visit: Visit, pictures: Path) -> None:
    page = tour.go(visit)
    shoot(page, visit, tour.look, pictures)
    theme, language = tour.look.split("-")
    said = page.evaluate("[document.documentElement.dataset.theme, document.documentElement.lang.slice(0, 2)]")
    assert said == [theme, language]
    assert axe_violations(page) == []
    if language == "zh":
        assert english_on(page, tour.heard()) == []


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.parametrize("tour", ["light-en"], indirect=True)
def test_the_keyboard_reaches_all_that_can_be_used_and_shows_where_it_is(tour: Tour, visit: Visit) -> None:
    page = tour.go(visit)
    unreached, faults = walked(page)
    assert unreached == []
    assert faults == []
    if visit.dialog:
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        assert page.evaluate("document.activeElement.matches('button, a')"), "the focus goes back to what opened it"


@pytest.mark.requirement("WEB-SHOTS-01")
@pytest.mark.parametrize("tour", ["light-en"], indirect=True)
def test_approvals_are_readable_at_the_width_of_a_phone(tour: Tour, pictures: Path) -> None:
    page = tour.open(ON_A_PHONE.user, PHONE)
    go(page, ON_A_PHONE, tour.world)
    shoot(page, ON_A_PHONE, tour.look, pictures)
    assert axe_violations(page) == []


@pytest.mark.requirement("WEB-SHOTS-01")
def test_every_page_of_the_router_is_visited() -> None:
    assert routes() - {visit.page for visit in PAGES} == {"unknown"}
    first = {("audit", "calls"), ("knowledge", "library")}  # without a name of their own in the address
    assert views() - {(visit.page, visit.view) for visit in PAGES} == first
