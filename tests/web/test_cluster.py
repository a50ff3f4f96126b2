"""The page of the cluster: its health map, its incidents, and what is done about one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_site import incident, node_tile
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


def test_the_map_tells_each_node_in_colour_and_in_words(
    alice: Page, trouble: World, violations: Callable[[Page], list[str]]
) -> None:
    alice.goto("/#/cluster")
    tiles = alice.get_by_role("list", name="Nodes of dev").get_by_role("listitem")
    expect(tiles).to_have_count(3)
    expect(tiles.nth(1)).to_contain_text("node-002: in maintenance, 32 of 64 CPUs, 16 jobs. new memory")
    expect(alice.get_by_text("Something is wrong")).to_be_visible()
    expect(alice.get_by_text("64 of 192 CPUs in use")).to_be_visible()
    expect(alice.get_by_text("97 % full")).to_be_visible()
    assert violations(alice) == []


def test_an_incident_is_read_and_one_of_its_proposals_is_asked_for(alice: Page, trouble: World) -> None:
    alice.goto("/#/cluster")
    alice.get_by_role("button", name="node-007: down").click()
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
    world.nodes = [node_tile(f"n{number:03d}") for number in range(300)]
    alice.goto("/#/cluster")
    expect(alice.get_by_text("All is well")).to_be_visible()
    expect(alice.get_by_text("There is no incident.")).to_be_visible()
    expect(alice.get_by_role("list", name="Nodes of dev").get_by_role("listitem")).to_have_count(300)


def test_an_incident_that_is_not_ones_own_is_as_one_that_is_not_there(alice: Page, world: World) -> None:
    alice.goto("/#/cluster/i-9")
    expect(alice.get_by_role("complementary").get_by_role("alert")).to_contain_text("there is no incident")
