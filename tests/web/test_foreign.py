"""The tools of foreign MCP servers, looked at and accepted by an administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_foreign import wiki
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


def test_a_changed_definition_is_looked_at_and_accepted_again_by_its_hash(
    sign_in: SignIn, world: World, violations: Callable[[Page], list[str]]
) -> None:
    world.foreign = [wiki()]
    admin = sign_in("admin")
    admin.get_by_role("button", name="acting as admin").click()
    admin.get_by_role("link", name="Foreign tools").click()
    server = admin.get_by_role("region", name="wiki")
    expect(server.get_by_label("read")).to_be_checked()
    expect(server.get_by_label("edit")).not_to_be_checked()
    expect(server).to_contain_text("Now also deletes it.")
    expect(server.get_by_label("all")).to_be_disabled()
    expect(server).to_contain_text("its schema contains itself")
    accept = server.get_by_role("button", name="Use exactly these")
    expect(accept).to_be_disabled()
    assert violations(admin) == []
    server.get_by_label("edit").check()
    world.foreign[0]["tools"][1]["sha256"] = "f" * 64  # it changes once more while somebody looks
    accept.click()
    expect(server.get_by_role("alert")).to_contain_text("any more")
    admin.get_by_role("button", name="Refresh").click()
    accept.click()
    expect(server.get_by_text("Now also deletes it.")).to_have_count(0)
    accepted = {tool["name"]: tool["accepted_sha256"] for tool in world.foreign[0]["tools"]}
    assert accepted == {"read": "a" * 64, "edit": "f" * 64, "search": None, "all": None}


def test_only_administrators_have_that_page(alice: Page) -> None:
    alice.get_by_role("button", name="acting as alice").click()
    expect(alice.get_by_role("link", name="Usage")).to_be_visible()
    expect(alice.get_by_role("link", name="Foreign tools")).to_have_count(0)
    alice.goto("/#/foreign")
    expect(alice.get_by_text("There is no such page.")).to_be_visible()
