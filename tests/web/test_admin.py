"""The page of administrators: accounts and tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_admin import account, token_of
from tests.web.contract_policy import shipped
from tests.web.contract_switches import managed_model
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def site_of_many(world: World) -> World:
    names = ["alice", "bob", *(f"user{number:03d}" for number in range(120))]
    world.accounts = {name: account(name) for name in names}
    world.accounts["admin"] = account("admin", is_admin=True)
    world.groups = [{"name": "gpu", "description": "who may use GPUs", "permissions": ["gpu"], "scopes": []}]
    world.all_tokens = [token_of("scan", "alice"), token_of("nightly", "bob")]
    return world


@pytest.mark.requirement("WEB-ADMIN-01")
def test_accounts_are_found_made_changed_and_stopped(
    sign_in: SignIn, site_of_many: World, violations: Callable[[Page], list[str]]
) -> None:
    admin = sign_in("admin")
    admin.get_by_role("button", name="acting as admin").click()
    admin.get_by_role("link", name="Administration").click()
    expect(admin.get_by_role("row")).to_have_count(51)
    admin.get_by_role("button", name="Show older ones").click()
    expect(admin.get_by_role("row")).to_have_count(101)
    admin.get_by_label("Search by user name").fill("bo")
    expect(admin.get_by_role("row")).to_have_count(2)
    admin.get_by_role("button", name="bob").click()
    details = admin.get_by_role("complementary", name="bob")
    details.get_by_label("gpu").check()
    expect(admin.get_by_role("row", name="bob")).to_contain_text("gpu")
    details.get_by_role("button", name="Make a link").click()
    expect(details.get_by_role("status")).to_contain_text("/sign-in?code=c0de")
    assert violations(admin) == []
    details.get_by_role("button", name="Disable").click()
    admin.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(admin.get_by_role("row", name="bob")).to_contain_text("disabled")
    details.get_by_role("button", name="Enable").click()
    details.get_by_role("button", name="Kill switch…").click()
    admin.get_by_role("dialog").get_by_label("Reason").fill("A stolen laptop")
    admin.get_by_role("dialog").get_by_role("button", name="Lock").click()
    expect(details).to_contain_text("A stolen laptop")
    assert site_of_many.locks[0]["name"] == "bob"
    admin.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(admin.get_by_role("button", name="bob")).to_be_focused()
    admin.get_by_role("button", name="New user").click()
    admin.get_by_role("dialog").get_by_label("User name").fill("carol")
    admin.get_by_role("dialog").get_by_role("button", name="New user").click()
    expect(admin.get_by_role("complementary", name="carol")).to_be_visible()


@pytest.mark.requirement("WEB-ADMIN-01")
def test_everybodys_tokens_are_listed_and_revoked_and_nobody_else_sees_the_page(
    sign_in: SignIn, site_of_many: World, violations: Callable[[Page], list[str]]
) -> None:
    admin = sign_in("admin", "/#/admin/tokens", color_scheme="dark", viewport={"width": 390, "height": 844})
    expect(admin.get_by_role("row")).to_have_count(3)
    assert violations(admin) == []
    admin.get_by_role("button", name="Revoke: nightly, bob").click()
    admin.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(admin.get_by_role("row")).to_have_count(2)
    alice = sign_in("alice", "/#/admin")
    expect(alice.get_by_text("There is no such page.")).to_be_visible()
    alice.get_by_role("button", name="acting as alice").click()
    expect(alice.get_by_role("link", name="Administration")).to_have_count(0)


@pytest.mark.requirement("WEB-ADMIN-01")
def test_a_changed_policy_is_checked_tried_put_in_force_and_gone_back_from(
    sign_in: SignIn, site_of_many: World, violations: Callable[[Page], list[str]]
) -> None:
    site_of_many.policies = [shipped()]
    admin = sign_in("admin", "/#/admin/policy")
    text = admin.get_by_label("The policy, in its language (YAML)")
    expect(text).to_have_value(re.compile("id: own-writes"))
    admin.get_by_role("button", name="Begin with the shipped rules").click()
    text.fill("version: 1\nextends: default\nrules:\n  - {id: no-writes, when: {}, effect: forbid, reason: stop}\n")
    admin.get_by_role("button", name="Dry run").click()
    admin.get_by_role("button", name="line 4, column").click()
    expect(text).to_be_focused()
    text.fill("version: 1\nextends: default\nrules:\n  - {id: no-writes, when: {}, effect: deny, reason: stop}\n")
    admin.get_by_role("button", name="Dry run").click()
    expect(admin.get_by_text("1 of 812 calls would be treated otherwise.")).to_be_visible()
    expect(admin.get_by_role("row", name="write_file")).to_contain_text("no-writes")
    assert violations(admin) == []
    for told in ("It waits for another administrator.", "It is in force."):
        admin.get_by_role("button", name="Put in force…").click()
        dialog = admin.get_by_role("dialog", name="Put in force")
        dialog.get_by_label("Why").fill("as agreed")
        dialog.get_by_role("button", name="Put in force").click()
        expect(admin.get_by_text(told)).to_be_visible()
    history = admin.get_by_role("region", name="Policies that were in force")
    expect(history.get_by_role("listitem").first).to_contain_text("admin: as agreed")
    history.get_by_role("listitem").last.get_by_role("button").click()
    expect(text).to_have_value(re.compile("id: own-writes"))
    site_of_many.policy_file = True
    admin.reload()
    expect(admin.get_by_text("put them in force by changing that file")).to_be_visible()


@pytest.mark.requirement("WEB-ADMIN-01")
def test_models_and_rules_are_told_tried_and_switched(
    sign_in: SignIn, site_of_many: World, violations: Callable[[Page], list[str]]
) -> None:
    site_of_many.managed_models = [
        managed_model("near", is_default=True),
        managed_model("far", "external", state="resting", failures=5, resting_s=25.0),
        managed_model("offline guide", "builtin", endpoint=None, model=None),
    ]
    admin = sign_in("admin", "/#/admin/models")
    near = admin.get_by_role("article", name="near")
    expect(near).to_contain_text("https://llm.example/v1")
    expect(admin.get_by_role("article", name="far")).to_contain_text("5 failures in a row. It is tried again in 25 s.")
    expect(admin.get_by_role("article", name="offline guide").get_by_role("button")).to_have_count(0)
    near.get_by_role("button", name="Switch off… near").click()
    admin.get_by_role("dialog").get_by_label("Why").fill("It answers nonsense.")
    admin.get_by_role("dialog").get_by_role("button", name="Switch off").click()
    expect(near).to_contain_text("Switched by admin")
    assert violations(admin) == []
    admin.get_by_role("tab", name="Models").press("ArrowRight")
    admin.get_by_role("button", name="cpu-idle: Dry run only").click()
    admin.get_by_role("dialog").get_by_label("Why").fill("It warns too often.")
    admin.get_by_role("dialog").get_by_role("button", name="Dry run only").click()
    expect(admin.get_by_role("listitem").filter(has_text="cpu-idle")).to_contain_text("It warns too often.")
    text = admin.get_by_label("Try other rules (YAML)")
    text.fill("version: 1\nrules: [{name: x}]\n")
    admin.get_by_role("button", name="Back-test").click()
    expect(admin.get_by_text("rules:2:").first).to_be_visible()
    text.fill("version: 1\nrules: []\n")
    admin.get_by_role("button", name="Back-test").click()
    expect(admin.get_by_text("On 100 jobs: 1 captures, 1 warnings, 0 actions.")).to_be_visible()
    assert violations(admin) == []
