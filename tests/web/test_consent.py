"""A program signs its user in here: the user sees who asks for what, agrees or refuses, and is sent on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext, SignIn
from tests.web.contract_world import Json, World

pytestmark = [pytest.mark.browser, pytest.mark.requirement("CORE-V2-09")]
REQUEST = "/#/consent?request=r-1"
ANSWERED = re.compile("answered")


@pytest.fixture
def asked(world: World) -> Json:
    """What a program waits for; it is answered at a page of the same site, since tests open no other."""
    request: Json = {"client": "Analysis notebook", "scopes": ["jobs:read"], "words": ["openid"]}
    request |= {"answered_at": "127.0.0.1:8765", "expires_at": "2099-01-01T00:00:00Z", "url": "/?answered#/jobs"}
    world.sign_ins["r-1"] = request
    return request


def test_the_person_sees_who_asks_for_what_and_is_sent_on_after_agreeing(
    sign_in: SignIn, asked: Json, violations: Callable[[Page], list[str]]
) -> None:
    page = sign_in("alice", REQUEST)
    main = page.get_by_role("main")
    for said in ("Analysis notebook", "127.0.0.1:8765", "know who you are", "see jobs"):
        expect(main).to_contain_text(said)
    assert violations(page) == []
    assert "verdict" not in asked, "looking decides nothing"
    page.get_by_role("button", name="Agree").click()
    expect(page).to_have_url(ANSWERED)
    assert asked["verdict"] == "approve"


def test_a_request_that_is_over_and_a_program_that_is_unknown_are_told(sign_in: SignIn, asked: Json) -> None:
    page = sign_in("alice", "/#/consent?request=gone")
    expect(page.get_by_role("alert")).to_contain_text("over or was decided on")
    expect(page.get_by_role("button", name="Agree")).to_have_count(0)
    other = sign_in("alice", "/#/consent?problem=unknown_redirect")
    expect(other.get_by_role("alert")).to_contain_text("not registered")


def test_who_signs_in_by_a_provider_first_comes_back_to_the_question_and_may_refuse(
    new_context: NewContext, world: World, asked: Json
) -> None:
    world.codes["once"] = "alice"
    world.providers.append({"name": "campus", "title": "Campus", "url": "/sign-in?code=once"})
    page = new_context().page()
    page.goto(REQUEST)
    page.get_by_role("link", name="Campus").click()
    expect(page.get_by_role("main")).to_contain_text("Analysis notebook")
    page.get_by_role("button", name="Refuse").click()
    expect(page).to_have_url(ANSWERED)
    assert asked["verdict"] == "deny"
