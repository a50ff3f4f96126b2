"""The page of the cluster: its health map, its incidents, and what is done about one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_site import change, incident, node_tile
from tests.web.contract_world import World

pytestmark = [pytest.mark.browser, pytest.mark.requirement("WEB-CLUSTER-01")]


@pytest.fixture
def trouble(world: World) -> World:
    """A node is down, and an incident says so."""
    world.nodes = [
        node_tile("node-001"),
        node_tile("node-002", "maintenance", reason="new memory"),
        node_tile("node-007", "down", cpus_used=0, jobs=0, incidents=["i-1"]),
    ]
    world.incidents["i-1"] = incident("i-1", "Node node-007 is down")
    return world


def test_the_picture_tells_each_node_in_colour_in_words_and_to_the_keyboard(
    alice: Page, trouble: World, violations: Callable[[Page], list[str]]
) -> None:
    alice.goto("/#/cluster")
    picture = alice.get_by_role("listbox", name="Nodes of dev")
    cells = picture.get_by_role("option")
    expect(cells).to_have_count(3)
    expect(cells.nth(1)).to_have_accessible_name("node-002: in maintenance, 32 of 64 CPUs, 16 jobs. new memory")
    expect(alice.get_by_text("Something is wrong")).to_be_visible()
    expect(alice.get_by_text("64 of 192 CPUs in use")).to_be_visible()
    expect(alice.get_by_text("97 % full")).to_be_visible()
    assert violations(alice) == []
    picture.focus()
    alice.keyboard.press("End")
    alice.keyboard.press("Enter")
    details = alice.get_by_role("region", name="node-007 down")
    expect(details).to_contain_text("0 of 64 CPUs in use")
    details.get_by_role("button", name="Node node-007 is down").click()
    expect(alice.get_by_role("complementary", name="Node node-007 is down")).to_be_visible()
    alice.keyboard.press("Escape")
    alice.get_by_role("button", name="Table").click()
    expect(alice.get_by_role("row", name="node-002")).to_contain_text("new memory")
    assert violations(alice) == []


def test_an_incident_is_read_and_one_of_its_proposals_is_asked_for(alice: Page, trouble: World) -> None:
    alice.goto("/#/cluster")
    alice.get_by_role("region", name="Incidents").get_by_role("button", name="Node node-007 is down").click()
    details = alice.get_by_role("complementary", name="Node node-007 is down")
    expect(details).to_contain_text("node-007: state down*")
    details.get_by_role("button", name="Do it").click()
    expect(details.get_by_role("status")).to_contain_text("waiting_approval")
    expect(details).to_contain_text("asked for hold")
    expect(details.get_by_role("button", name="Close it")).to_be_hidden()
    alice.keyboard.press("Escape")
    expect(details).to_be_hidden()


def test_an_administrator_closes_an_incident_with_its_cause(
    sign_in: SignIn, trouble: World, violations: Callable[[Page], list[str]]
) -> None:
    admin = sign_in("admin", "/#/cluster/i-1")
    details = admin.get_by_role("complementary")
    details.get_by_label("What it was").fill("The power supply broke.")
    details.get_by_label("What helped").fill("It was replaced.")
    assert violations(admin) == []
    details.get_by_role("button", name="Close it").click()
    expect(details).to_contain_text("closed by admin")
    expect(details).to_contain_text("The power supply broke.")
    expect(admin.get_by_role("region", name="Incidents")).to_contain_text("closed")


def test_a_site_without_trouble_says_so(alice: Page, world: World) -> None:
    world.nodes = [node_tile(f"n{number:04d}") for number in range(1200)]
    alice.goto("/#/cluster")
    expect(alice.get_by_text("All is well")).to_be_visible()
    expect(alice.get_by_text("There is no incident.")).to_be_visible()
    expect(alice.get_by_text("Nothing was changed in the last 30 days.")).to_be_visible()
    expect(alice.get_by_role("listbox", name="Nodes of dev").get_by_role("option")).to_have_count(1200)
    alice.get_by_label("Group by").select_option("Condition")
    expect(alice.get_by_text("at work · 1200")).to_be_visible()
    alice.get_by_role("button", name="Table").click()
    expect(alice.get_by_role("row", name="n0000")).to_be_visible()
    expect(alice.get_by_role("row")).not_to_have_count(1201)


def test_an_incident_that_is_not_ones_own_is_as_one_that_is_not_there(alice: Page, world: World) -> None:
    alice.goto("/#/cluster/i-9")
    expect(alice.get_by_role("complementary").get_by_role("alert")).to_contain_text("there is no incident")


def test_what_agents_did_is_told_with_approval_and_outcome_and_leads_to_the_record(
    sign_in: SignIn, trouble: World, violations: Callable[[Page], list[str]]
) -> None:
    trouble.incidents["i-0"] = incident("i-0", "Disk of node-003 was full", state="closed", cause="a log grew")
    trouble.incidents["i-1"]["course"].append(
        {"what": "acted", "at": "2026-01-15T09:30:00Z", "text": "asked for hold", "by": "admin", "call_id": "c-9"}
    )
    trouble.changes = [
        change("c-2", verdict="rejected", outcome="refused", detail="approval_rejected"),
        change("c-1"),
        change("c-0", origin="user", tool="remove_jobs", verdict="", decided_by="", rule="own-writes"),
    ]
    admin = sign_in("admin", "/#/cluster")
    done = admin.get_by_role("region", name="What agents did here")
    expect(done.get_by_role("row")).to_have_count(3)
    expect(done.get_by_role("row", name="approved by")).to_contain_text("the agent for alice")
    expect(done.get_by_role("row", name="rejected by")).to_contain_text("approval_rejected")
    done.get_by_label("also people and their programs").check()
    expect(done.get_by_role("row", name="remove_jobs")).to_contain_text("nobody was asked")
    expect(done.get_by_role("link", name="hold_jobs").last).to_have_attribute("href", "#/audit/calls/c-1")
    assert violations(admin) == []
    admin.get_by_text("1 past incident").click()
    admin.get_by_role("button", name="Disk of node-003 was full").click()
    expect(admin.get_by_role("complementary")).to_contain_text("a log grew")
    admin.goto("/#/cluster/i-1")
    details = admin.get_by_role("complementary", name="Node node-007 is down")
    expect(details).to_contain_text("node:node-007.state@nodes@dev")
    expect(details.get_by_role("link", name="on record")).to_have_attribute("href", "#/audit/calls/c-9")
    expect(details.get_by_role("link", name="dev/172.0")).to_be_visible()


def test_a_user_sees_their_own_on_a_phone(sign_in: SignIn, trouble: World) -> None:
    trouble.changes = [change("c-1")]
    alice = sign_in("alice", "/#/cluster", viewport={"width": 390, "height": 844}, color_scheme="dark")
    done = alice.get_by_role("region", name="What agents did here")
    expect(done).to_contain_text("You see what was done on your own behalf.")
    expect(done.get_by_role("link")).to_have_count(0)
    assert alice.evaluate("document.documentElement.scrollWidth") <= 390
