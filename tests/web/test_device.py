"""A program without a browser shows a code; its user sees who asks for what, and confirms or refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext, SignIn
from tests.web.contract_world import Json, World

pytestmark = pytest.mark.browser
CODE = "WDJB-MJHT"


@pytest.fixture
def asked(world: World) -> Json:
    """What a program waits for under `CODE`."""
    request: Json = {"user_code": CODE, "client": "ink on laptop", "scopes": ["files:read", "jobs:read"], "words": []}
    request |= {"network": "192.0.2.0/24", "expires_at": "2099-01-01T00:00:00Z"}
    world.devices[CODE.replace("-", "")] = request
    return request


@pytest.mark.requirement("CORE-AUTH-10")
def test_a_typed_code_shows_who_asks_for_what_and_confirming_it_is_told(
    sign_in: SignIn, asked: Json, violations: Callable[[Page], list[str]]
) -> None:
    page = sign_in("alice", "/#/device")
    page.get_by_label("Code").fill("wdjb-mjht")
    assert violations(page) == []
    page.keyboard.press("Enter")
    main = page.get_by_role("main")
    for said in ("ink on laptop", "192.0.2.0/24", "files:read jobs:read", CODE):
        expect(main).to_contain_text(said)
    assert violations(page) == []
    assert "verdict" not in asked, "looking decides nothing"
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Go back to the program")
    assert asked["verdict"] == "approve"


@pytest.mark.requirement("CORE-AUTH-10")
def test_the_address_that_a_program_shows_holds_the_code_and_one_may_refuse(sign_in: SignIn, asked: Json) -> None:
    page = sign_in("alice", f"/#/device?code={CODE}")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("The program gets nothing")
    assert asked["verdict"] == "deny"


def test_a_wrong_code_is_said_to_be_one_and_can_be_typed_again(sign_in: SignIn, asked: Json) -> None:
    page = sign_in("alice", "/#/device?code=AAAA-BBBB")
    expect(page.get_by_role("alert")).to_contain_text("No program waits under this code")
    page.get_by_label("Code").fill(CODE)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("main")).to_contain_text("ink on laptop")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_who_is_not_signed_in_signs_in_first_and_then_decides(new_context: NewContext, asked: Json) -> None:
    page = new_context().page()
    page.goto(f"/#/device?code={CODE}")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Confirmed")
    assert asked["verdict"] == "approve"
