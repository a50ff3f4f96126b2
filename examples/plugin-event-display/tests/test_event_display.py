"""What is simulated is physics enough to look at, and what a file holds is checked before it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ink_event_display.events import EventFile, simulated

from ink_core.identity.principal import Scope
from ink_core.plugins.testing import PluginSite, plugin_site


@pytest.fixture(scope="module")
def site() -> Iterator[PluginSite]:
    with plugin_site("ink_event_display") as running:
        yield running


def test_a_shower_leaves_most_of_its_energy_in_the_cube_and_a_muon_little() -> None:
    electrons, muons = simulated(20, 7).events[::2], simulated(20, 7).events[1::2]
    for event in electrons:
        assert 0.7 * event.energy_gev < sum(hit[3] for hit in event.hits) <= 1.001 * event.energy_gev
    for event in muons:
        assert 0.1 < sum(hit[3] for hit in event.hits) < 1.0


def test_one_seed_gives_the_same_events() -> None:
    assert simulated(4, 3) == simulated(4, 3) != simulated(4, 4)


def test_what_it_simulates_is_a_file_that_it_reads() -> None:
    events = simulated(3, 1)
    assert EventFile.model_validate_json(events.model_dump_json()) == events


def test_its_routes_ask_for_the_scopes_of_files(site: PluginSite) -> None:
    reader = site.headers("alice", Scope.FILES_READ)
    assert len(site.client.get("/api/v1/event-display/simulated", headers=reader).json()["events"]) == 6
    wish = {"path": "events.json", "count": 2}
    assert site.client.post("/api/v1/event-display/events", json=wish, headers=reader).status_code == 403
    writer = site.headers("alice", Scope.FILES_WRITE)
    assert site.client.post("/api/v1/event-display/events", json=wish, headers=writer).json()["events"] == 2
    ((user, tool, arguments),) = site.actions.calls
    assert (user, tool, arguments["path"]) == ("alice", "write_file", "events.json")


def test_its_page_is_served(site: PluginSite) -> None:
    assert "<h1>Event display</h1>" in site.client.get("/plugins/event-display/", headers=site.headers("alice")).text
