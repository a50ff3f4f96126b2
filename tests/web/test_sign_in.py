"""Signing in and out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.mark.requirement("WEB-SIGNIN-01")
def test_a_wrong_password_is_told_in_plain_words_and_the_right_one_signs_in(new_context: NewContext) -> None:
    page = new_context().page()
    page.goto("/")
    for user, password in (("alice", "wrong"), ("nobody", "correct horse")):
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("User name or password is wrong.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Good to see you, alice.")).to_be_visible()


def test_a_one_time_link_signs_in_once(new_context: NewContext, world: World) -> None:
    world.codes["once"] = "alice"
    page = new_context().page()
    page.goto("/sign-in?code=once")
    expect(page.get_by_role("heading", name="Good to see you, alice.")).to_be_visible()
    assert "once" not in page.url
    another = new_context().page()
    another.goto("/sign-in?code=once")
    expect(another.get_by_role("button", name="Sign in")).to_be_visible()


def test_an_ended_sign_in_is_said_and_the_page_goes_on_after_signing_in_again(alice: Page, world: World) -> None:
    alice.goto("/#/jobs")
    expect(alice.get_by_role("heading", name="Jobs")).to_be_visible()
    world.cookies.clear()
    alice.get_by_role("button", name="Everyone").click()
    expect(alice.get_by_text("Your sign-in has ended.")).to_be_visible()
    alice.get_by_label("User name").fill("alice")
    alice.get_by_label("Password").fill("correct horse")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("heading", name="Jobs")).to_be_visible()


def test_signing_out_ends_the_session(alice: Page, world: World) -> None:
    alice.get_by_role("button", name="Sign out").click()
    expect(alice.get_by_role("button", name="Sign in")).to_be_visible()
    assert world.cookies == {}


def test_a_page_that_does_not_exist_says_so(alice: Page) -> None:
    alice.goto("/#/nowhere")
    expect(alice.get_by_text("There is no such page.")).to_be_visible()


@pytest.mark.requirement("CORE-AUTH-09")
def test_the_sites_provider_is_offered_and_a_failure_there_is_told_in_plain_words(
    new_context: NewContext, world: World
) -> None:
    world.providers = [{"name": "campus", "title": "Campus", "url": "/sign-in/openid/campus"}]
    page = new_context().page()
    page.goto("/?sign-in=unknown_user")
    expect(page.get_by_role("alert")).to_have_text("You have no account here yet. Ask an administrator for one.")
    expect(page.get_by_role("link", name="Sign in with Campus")).to_have_attribute("href", "/sign-in/openid/campus")
