"""API tokens: made for a purpose, shown once, listed with their last use, revoked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.mark.requirement("CORE-AUTH-15")
def test_a_token_is_made_shown_once_listed_and_revoked(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    alice.get_by_role("button", name="acting as alice").click()
    alice.get_by_role("link", name="API tokens").click()
    expect(alice.get_by_text("You have no token.")).to_be_visible()
    create = alice.get_by_role("button", name="Create token")
    expect(create).to_be_disabled()
    alice.get_by_label("Name").fill("laptop")
    expect(alice.get_by_text("work with the agent")).to_be_visible()
    alice.get_by_label("jobs:read").check()
    alice.get_by_label("files:read").check()
    alice.get_by_label("Lives").select_option("7 days")
    create.click()
    expect(alice.get_by_text("ink_secret_of_laptop")).to_be_visible()
    row = alice.get_by_role("row", name="laptop")
    expect(row).to_contain_text("files:read jobs:read")
    expect(row).to_contain_text("never")
    assert violations(alice) == []
    world.tokens["alice"][0]["last_used_at"] = "2026-01-01T00:00:00Z"
    alice.reload()
    expect(alice.get_by_text("ink_secret_of_laptop")).to_have_count(0)
    expect(alice.get_by_role("row", name="laptop")).to_contain_text("2026-01-01")
    alice.get_by_role("button", name="Revoke: laptop").click()
    alice.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(alice.get_by_text("You have no token.")).to_be_visible()
    assert world.tokens["alice"] == []


def test_a_token_is_made_for_some_jobs_and_a_pace_and_the_list_tells_how_many_are_used(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    alice.goto("/#/tokens")
    alice.get_by_label("Name").fill("scan")
    expect(alice.get_by_label("Jobs in all")).to_have_count(0)
    alice.get_by_label("jobs:submit").check()
    alice.get_by_label("Jobs in all").fill("100")
    alice.get_by_label("Requests a minute").fill("60")
    alice.get_by_role("button", name="Create token").click()
    row = alice.get_by_role("row", name="scan")
    expect(row).to_contain_text("0 of 100 jobs used · 60 requests a minute")
    world.tokens["alice"][0]["jobs_used"] = 7
    alice.reload()
    expect(row).to_contain_text("7 of 100 jobs used")
    assert violations(alice) == []


def test_only_scopes_that_the_user_has_are_offered(alice: Page) -> None:
    alice.goto("/#/tokens")
    expect(alice.get_by_label("jobs:read")).to_be_visible()
    expect(alice.get_by_label("approvals:decide")).to_have_count(0)
