"""Commands, terminals, clusters, documentation, links and worker agents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ink_core.errors import BadInput, Conflict, NotFound
from knowledge_graph.markdown import Passage
from mcp_tools.doubles import MemoryDocuments
from tests.unit.mcp_tools.conftest import WORKER, Centre


@pytest.mark.requirement("TOOLS-SHELL-01")
async def test_a_command_is_an_argv_and_runs_in_the_workspace(centre: Centre) -> None:
    ended = await centre.of("alice", worker_id=WORKER).run(
        "run_command", argv=["sh", "-c", "pwd; cat; exit 3"], stdin="in"
    )
    assert (ended["exit_code"], ended["stdout"]) == (3, f"{centre.workspace}\nin")
    literal = await centre.run("run_command", argv=["echo", "$HOME; ls | cat"])
    assert literal["stdout"] == "$HOME; ls | cat\n"


async def test_a_command_ends_at_its_own_time_limit(centre: Centre) -> None:
    ended = await centre.run("run_command", argv=["sleep", "60"], timeout_s=0.2)
    assert ended["timed_out"] and ended["exit_code"] != 0


@pytest.mark.parametrize("arguments", [{"argv": []}, {"argv": "ls -l"}, {"argv": ["ls"], "timeout_s": 601}])
async def test_a_command_line_or_an_endless_time_is_refused(centre: Centre, arguments: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"argv|timeout_s"):
        await centre.resolve("run_command", **arguments)


async def test_the_preview_of_a_command_quotes_it_and_says_where(centre: Centre) -> None:
    preview = await centre.of("alice", worker_id=WORKER).preview("run_command", argv=["rm", "a b"])
    assert preview.summary == f"Run rm 'a b' in . at worker {WORKER}"


async def test_a_terminal_is_opened_listed_and_closed(centre: Centre) -> None:
    opened = await centre.run("open_terminal", columns=100, rows=30)
    (listed,) = (await centre.run("list_terminals"))["terminals"]
    assert (listed["terminal_id"], listed["alive"]) == (opened["terminal_id"], True)
    assert not (await centre.run("close_terminal", terminal_id=opened["terminal_id"]))["alive"]


@pytest.mark.requirement("TOOLS-HEALTH-01")
async def test_the_cluster_status_names_nodes_problems_and_jobs_by_state(centre: Centre) -> None:
    status = await centre.run("cluster_status")
    assert (status["cluster"], status["nodes"][0]["name"], status["problems"]) == ("pool", "node1", [])
    assert status["jobs"] == {"RUNNING": 2, "HOLDING": 1, "COMPLETED": 1}
    with pytest.raises(NotFound, match="moon"):
        await centre.run("cluster_status", cluster="moon")


async def test_documentation_is_searched(centre: Centre) -> None:
    documents = MemoryDocuments([Passage("Storage › Quota", "docs/storage.md", "The quota is 50 GB.")])
    context = replace(centre.context, services=replace(centre.context.services, documents=documents))
    found = await replace(centre, context=context).run("search_documentation", query="quota")
    assert found["passages"] == [{"title": "Storage › Quota", "path": "docs/storage.md", "text": "The quota is 50 GB."}]


@pytest.mark.requirement("TOOLS-LINK-01")
async def test_a_link_is_made_for_an_existing_file_only(centre: Centre) -> None:
    (centre.home / "result.root").write_bytes(b"x")
    link = await centre.run("create_download_link", path="~/result.root", lifetime_s=60)
    assert link["url"] == f"https://ink.example/shares/{link['share_id']}"
    assert link["path"] == "result.root"
    with pytest.raises(BadInput, match="is a directory, not a file"):
        await centre.run("create_download_link", path=".")
    with pytest.raises(BadInput, match="lifetime_s"):
        await centre.run("create_download_link", path="result.root", lifetime_s=8 * 86_400)


async def test_an_agent_is_launched_found_again_listed_and_stopped(centre: Centre) -> None:
    assert await centre.reconcile("launch_agent", "op-launch-0001") is None
    launched = await centre.run("launch_agent", "op-launch-0001")
    assert (launched["user"], launched["state"], launched["cluster"]) == ("alice", "queued", "pool")
    assert await centre.reconcile("launch_agent", "op-launch-0001") == launched
    assert (await centre.run("list_agents"))["agents"] == [launched]
    assert (await centre.run("stop_agent", worker_id=launched["worker_id"]))["state"] == "gone"


@pytest.mark.parametrize(
    ("asked", "hours", "said"), [({}, 24, "24 CPU-hours a day"), ({"wall_time_s": 7200}, 2, "at most 2 CPU-hours")]
)
async def test_the_job_of_an_agent_counts_as_a_job(
    centre: Centre, asked: dict[str, Any], hours: float, said: str
) -> None:
    preview = await centre.preview("launch_agent", **asked)
    assert (preview.jobs, preview.cpu_hours) == (1, hours)
    assert said in preview.summary


async def test_nobody_stops_or_sees_anothers_agent(centre: Centre) -> None:
    launched = await centre.run("launch_agent")
    bob = centre.of("bob")
    assert (await bob.run("list_agents"))["agents"] == []
    with pytest.raises(NotFound, match="you have no worker agent"):
        await bob.preview("stop_agent", worker_id=launched["worker_id"])
    with pytest.raises(NotFound, match="you have no worker agent"):
        await bob.run("stop_agent", worker_id=launched["worker_id"])


@pytest.mark.requirement("SKILL-CATALOG-01")
async def test_the_skills_are_listed_with_their_descriptions_and_read_by_name(centre: Centre) -> None:
    listed = (await centre.run("list_skills"))["skills"]
    assert {"cern-root", "hepjob", "ink-download"} <= {line["name"] for line in listed}
    read = await centre.run("read_skill", name="hepjob")
    assert "hep_sub" in read["text"] and read["sha256"] == next(x["sha256"] for x in listed if x["name"] == "hepjob")
    with pytest.raises(NotFound, match="knitting"):
        await centre.run("read_skill", name="knitting")


@pytest.mark.requirement("TOOLS-SHELL-02")
async def test_a_background_process_is_started_read_in_whole_characters_listed_and_stopped(centre: Centre) -> None:
    script = "printf 'caf\\303'; while [ ! -e go ]; do sleep 0.05; done; printf '\\251'"
    started = await centre.run("start_process", "op-start", argv=["sh", "-c", script])
    name = started["process_id"]
    first = await centre.run("read_process", process_id=name, offset=0, wait_s=60)
    assert (first["output"], first["processes"][0]["next_offset"]) == ("caf", 3)
    (centre.home / "go").touch()
    ended = await centre.run("read_process", process_id=name, wait_s=60)
    assert (ended["output"], ended["offset"], ended["processes"][0]["exit_code"]) == ("café", 0, 0)
    assert (await centre.reconcile("start_process", "op-start", argv=["sh"]))["process_id"] == name  # type: ignore[index]
    assert [process["process_id"] for process in (await centre.run("read_process"))["processes"]] == [name]
    other = await centre.run("start_process", "op-second", argv=["sleep", "600"])
    assert (await centre.run("stop_process", process_id=other["process_id"]))["alive"] is False
    with pytest.raises(Conflict, match="never started, or ended with another agent"):
        await centre.reconcile("start_process", "op-other", argv=["sh"])
