"""The page of DAGs: which there are, what waits for what, what is done to one as a whole; jobs of several schedds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.contract_world import World, make_job

pytestmark = pytest.mark.browser
NODES = {"simulate": ("COMPLETED", ()), "left": ("RUNNING", ("simulate",)), "right": ("HOLDING", ("simulate",))}
WAITS = {"merge": ("QUEUEING", ("left", "right"))}


@pytest.fixture
def dag(world: World) -> str:
    """Alice's DAG of four nodes."""
    for number, (name, (state, parents)) in enumerate({**NODES, **WAITS}.items()):
        job = make_job(9000 + number, "alice", state)
        world.jobs.append({**job, "dag": "7", "dag_node": name, "dag_parents": {name: list(parents)}})
    return "7"


@pytest.fixture
def details(alice: Page, dag: str) -> Page:
    alice.goto("/#/jobs")
    alice.get_by_role("main").get_by_role("link", name="DAGs").click()
    alice.get_by_role("button", name=dag, exact=True).click()
    expect(alice.get_by_role("heading", name="DAG 7")).to_be_focused()
    return alice


def test_dags_are_listed_with_the_states_of_their_nodes(alice: Page, dag: str) -> None:
    alice.goto("/#/dags")
    row = alice.get_by_role("table", name="Your DAGs").get_by_role("row").nth(1)
    expect(row).to_contain_text("running")
    expect(row).to_contain_text("1 queued, 1 running, 1 completed, 1 held")


def test_who_has_no_dag_is_told_so(alice: Page) -> None:
    alice.goto("/#/dags")
    expect(alice.get_by_text("No DAG of yours is in the queue.")).to_be_visible()
    alice.goto("/#/dags/dev/none")
    expect(alice.get_by_role("alert")).to_contain_text("cluster dev shows no DAG none")


def test_nodes_are_drawn_behind_what_they_wait_for_and_told_in_words(
    details: Page, violations: Callable[[Page], list[str]]
) -> None:
    picture = details.get_by_role("img", name="4 nodes: 1 queued, 1 running, 1 completed, 1 held")
    expect(picture).to_be_visible()
    left = {name: picture.locator("g", has_text=name).bounding_box() for name in (*NODES, *WAITS)}
    at = {name: box["x"] for name, box in left.items() if box}
    assert at["simulate"] < at["left"] == at["right"] < at["merge"]
    assert picture.locator("path").count() == 4
    colours = picture.locator("rect").evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
    assert len(set(colours)) == 4
    row = details.get_by_role("table", name="Nodes").get_by_role("row").filter(has_text="merge")
    expect(row).to_contain_text("left, right")
    assert violations(details) == []


def test_a_dag_is_held_released_and_removed_as_one(details: Page, world: World) -> None:
    def states() -> set[str]:
        return {job["state"] for job in world.jobs if job.get("dag") == "7" and job["state"] != "COMPLETED"}

    side = details.get_by_role("complementary")
    side.get_by_role("button", name="Hold").click()
    expect(side.get_by_text("Hold: job 7 – done.")).to_be_visible()
    assert states() == {"HOLDING"}
    expect(side.get_by_role("button", name="Hold")).to_have_count(0)
    side.get_by_role("button", name="Release").click()
    expect(side.get_by_text("Release: job 7 – done.")).to_be_visible()
    assert states() == {"QUEUEING"}
    side.get_by_role("button", name="Remove").click()
    question = details.get_by_role("dialog")
    expect(question).to_contain_text("Remove all jobs of DAG 7?")
    question.get_by_role("button", name="Remove").click()
    expect(side.get_by_text("Remove: job 7 – done.")).to_be_visible()
    assert states() == {"CANCELLED"}


def test_a_node_leads_to_its_job_and_a_job_to_its_dag(details: Page) -> None:
    details.get_by_role("link", name="9001.0").click()
    side = details.get_by_role("complementary")
    expect(side.get_by_role("heading", name="Job 9001.0")).to_be_visible()
    side.get_by_role("link", name="DAG 7").click()
    expect(details.get_by_role("heading", name="DAG 7")).to_be_visible()


@pytest.mark.requirement("CORE-JOBS-18")
def test_jobs_of_several_schedds_say_which_is_theirs(alice: Page, world: World) -> None:
    world.jobs = [make_job(5, "alice", "RUNNING"), {**make_job(5, "alice", "RUNNING"), "job_id": "5.0@second"}]
    alice.goto("/#/jobs")
    expect(alice.get_by_role("columnheader", name="Schedd")).to_be_visible()
    expect(alice.get_by_role("cell", name="second", exact=True)).to_be_visible()
    alice.get_by_role("button", name="5.0@second").click()
    side = alice.get_by_role("complementary")
    expect(side.get_by_role("term").filter(has_text="Schedd")).to_be_visible()
    expect(side.get_by_role("definition").filter(has_text="second").first).to_be_visible()
