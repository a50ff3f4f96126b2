"""The template on a small site: what it answers, what it asks of the gate, and what it replaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ink_core.api.jobs.submission import NewJobs, tool_arguments
from ink_core.identity.principal import Principal, Scope
from ink_core.plugins.testing import PluginSite, plugin_site


@pytest.fixture
def site() -> Iterator[PluginSite]:
    with plugin_site("ink_plugin_template") as running:
        yield running


def test_it_greets_who_is_signed_in_and_nobody_else(site: PluginSite) -> None:
    assert site.client.get("/api/v1/template/greeting").status_code == 401
    answer = site.client.get("/api/v1/template/greeting", headers=site.headers("alice"))
    assert answer.json() == {"text": "Hello alice"}


def test_a_note_is_written_by_tool_calls_of_the_caller(site: PluginSite) -> None:
    note = {"name": "first", "text": "seen"}
    answer = site.client.post("/api/v1/template/notes", json=note, headers=site.headers("alice", Scope.FILES_WRITE))
    assert (answer.status_code, answer.json()) == (201, {"path": "template-notes/first.txt"})
    assert [(user, tool) for user, tool, _ in site.actions.calls] == [
        ("alice", "make_directory"),
        ("alice", "write_file"),
    ]


def test_a_note_needs_the_scope_and_a_harmless_name(site: PluginSite) -> None:
    note = {"name": "first", "text": "seen"}
    refused = site.client.post("/api/v1/template/notes", json=note, headers=site.headers("alice", Scope.FILES_READ))
    assert (refused.status_code, site.actions.calls) == (403, [])
    writer = site.headers("alice", Scope.FILES_WRITE)
    hostile = {**note, "name": "../../.bashrc"}
    assert site.client.post("/api/v1/template/notes", json=hostile, headers=writer).status_code == 422


def test_jobs_without_a_name_get_one_while_it_runs(site: PluginSite) -> None:
    alice = Principal(username="alice", is_admin=False, scopes=frozenset(), credential="token:x")
    assert tool_arguments(alice, "submit_job", NewJobs(script="run.sh"))["name"] == "alice-job"
    assert tool_arguments(alice, "submit_job", NewJobs(script="run.sh", name="mine"))["name"] == "mine"
    site.plugins.withdraw()
    assert "name" not in tool_arguments(alice, "submit_job", NewJobs(script="run.sh"))


def test_its_page_is_served(site: PluginSite) -> None:
    page = site.client.get("/plugins/template/", headers=site.headers("alice"))
    assert "<h1>Plugin template</h1>" in page.text
