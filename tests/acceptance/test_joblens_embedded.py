"""JobLens on the embedded default: batches by the token of a collector, the store in its file, and the commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from joblens.store.wire import encode, join
from tests.acceptance.embedded import Embedded, running_embedded
from tests.unit.joblens.lens_site import CLUSTER, measured

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600), pytest.mark.xdist_group("joblens-embedded")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("joblens")) as site:
        yield site


def test_what_a_node_reports_is_shown_by_the_commands_also_after_a_crash(
    site: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, node_token = site.ink("joblens", "node-token", "--host", "node17.*")
    assert code == 0, node_token
    body = join([encode(measured("172.0")), encode(measured("173.0", seconds=40, sequence=2))])
    headers = {"Authorization": f"Bearer {node_token.strip()}"}
    taken = httpx2.post(f"{site.url}/api/v1/joblens/batches", content=body, headers=headers, timeout=60)
    assert taken.json() == {"batches": 2}
    site.crash()
    site.restart()

    code, alices = site.ink("token", "create", "alice", "--name", "tests", "--scope", "jobs:read")
    assert code == 0, alices
    monkeypatch.setenv("INK_TOKEN", alices.strip())
    code, listed = site.ink("joblens", "ls")
    assert code == 0, listed
    assert "172.0" in listed
    assert "2 jobs: 0 running, 0 idle, 0 held, 2 other" in listed
    code, none = site.ink("joblens", "ls", "no such job")
    assert (code, "where a collector runs" in " ".join(none.split())) == (0, True)
    code, shown = site.ink("joblens", "show", "172")
    assert (code, shown.startswith("172.0 on ")) == (0, True), shown
    assert "CPU  up to 100 %" in shown
    assert "/eos/da\\xffta" in shown
    code, compared = site.ink("joblens", "compare", "172", "173.0", "--json")
    assert code == 0, compared
    ratios = {row["figure"]: row["ratio"] for row in json.loads(compared)["figures"]}
    assert ratios["cpu_time"] == 2
    code, said = site.ink("joblens", "verdict", "172.0", "--cluster", CLUSTER)
    assert code == 0, said
    assert "sure)" in said
    code, busiest = site.ink("joblens", "top")
    assert (code, "0 running" in busiest) == (0, True), "a program that reads it gets one look"
    code, refused = site.ink("joblens", "capture", "172.0")
    assert (code, "jobs:manage" in refused) == (1, True)
    code, unknown = site.ink("joblens", "show", "999.0")
    assert (code, "no record of a job 999.0" in unknown) == (1, True)


def test_the_account_of_collectors_is_never_one_that_may_do_more(site: Embedded) -> None:
    code, said = site.ink("joblens", "node-token", "--host", "*", "--account", "alice")
    assert (code, "may do more than report" in said) == (1, True)


def test_without_a_token_the_commands_say_how_one_is_got(
    site: Embedded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("INK_TOKEN", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    code, said = site.ink("joblens", "ls")
    assert (code, "ink login" in said) == (1, True)
