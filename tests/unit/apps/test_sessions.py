"""The life of a session: what its job is told, how it becomes ready, how it ends, and what is left of it."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ink_core.apps.connections import Upstream
from ink_core.apps.journal import MemoryJournal
from ink_core.apps.launch import TooManySessions
from ink_core.apps.options import AppOptions
from ink_core.apps.registry import KEPT_OVER, SessionNotFound
from ink_core.apps.service import AppSessionView
from ink_core.apps.session import SUBMIT_TIMEOUT_S, Change, State
from ink_core.compute.model import JobState
from ink_core.errors import AgentNotConnected, BadInput, NotFound
from tests.unit.apps.app_world import NODE, AppWorld

pytestmark = pytest.mark.asyncio


async def ready(world: AppWorld, operation_id: str = "operation-1") -> AppSessionView:
    session = await world.launch(operation_id=operation_id)
    world.run_job(session)
    await world.apps.register(world.registration(session))
    return world.now(session)


def upstream(world: AppWorld, session: AppSessionView, user: str = "alice") -> Upstream | None:
    assert session.node is not None and session.port is not None
    return world.apps.connections.upstream(session.app, session.node, session.port, user)


async def test_a_launch_submits_a_job_of_the_door_in_a_folder_of_the_users_alone(world: AppWorld) -> None:
    session = await world.launch(cpus=2)
    folder, job = Path(session.folder), world.job(session)
    assert session.state is State.QUEUED
    assert folder.parent == world.home / ".ink" / "Jobs" and folder.name.startswith("jupyter-20260101-000000-")
    assert (job.command, job.cpus, job.working_directory) == ("/usr/bin/python3", 2, session.folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {
        "door.py": 0o600, "session.json": 0o600,
    }  # fmt: skip


async def test_what_is_secret_is_in_the_file_of_the_job_and_nowhere_else(world: AppWorld) -> None:
    session = await ready(world)
    told = world.told(session)
    submitted = str([call for call in world.agents.calls if call[1].startswith("scheduler.")])
    recorded = str([change.model_dump() for change in await world.journal.changes()])
    for secret in (told["secret"], told["callback_token"]):
        assert len(secret) > 40
        assert secret not in submitted + recorded + session.model_dump_json()
    assert told["secret"] not in repr(upstream(world, session))


async def forget_all_but_the_launch(world: AppWorld) -> None:
    """As if the manager had died before it recorded the job."""
    launched = (await world.journal.changes())[0]
    world.journal = MemoryJournal()
    await world.journal.append(launched)


async def test_the_app_gets_the_sites_programs_and_absolute_paths(world: AppWorld) -> None:
    session = await world.launch("code", inputs={"directory": "~/analysis"})
    told = world.told(session)
    assert told["command"][-1] == f"{world.home}/analysis"
    assert told["environment"]["PATH"].startswith("/opt/apps/bin:/usr/local/bin:")
    assert told["environment"]["HOME"] == told["directory"] == str(world.home)


@pytest.mark.parametrize(
    ("app", "options"),
    [
        ("jupyter", {"cpus": 9}),
        ("jupyter", {"memory_mb": 1}),
        ("jupyter", {"gpus": 1}),
        ("jupyter", {"inputs": {"file": "x"}}),
    ],
)
async def test_what_is_out_of_the_apps_bounds_is_refused_before_anything_is_made(
    world: AppWorld, app: str, options: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        await world.launch(app, **options)
    assert (list(world.home.iterdir()), world.apps.sessions("alice")) == ([], [])


async def test_an_unknown_app_is_told_with_those_that_there_are(world: AppWorld) -> None:
    with pytest.raises(NotFound, match=r"there are code, .*old"):
        await world.launch("nothing")


async def test_a_user_has_a_bounded_number_of_sessions(world: AppWorld) -> None:
    for number in range(3):
        await world.launch(operation_id=f"operation-{number}")
    with pytest.raises(TooManySessions, match="stop one"):
        await world.launch(operation_id="operation-3")


class SlowJournal(MemoryJournal):
    async def append(self, change: Change) -> None:
        await asyncio.sleep(0)
        await super().append(change)


async def test_launches_at_once_are_held_to_the_same_bound(world: AppWorld) -> None:
    world.journal = SlowJournal()
    world.apps = world.started()
    launches = (world.launch(operation_id=f"operation-{number}") for number in range(5))
    made = await asyncio.gather(*launches, return_exceptions=True)
    assert [isinstance(each, TooManySessions) for each in made] == [False] * 3 + [True] * 2


async def test_a_session_is_queued_then_starts_then_is_ready_at_its_path(world: AppWorld) -> None:
    session = await world.launch()
    world.change_job(session, reason="no node has this much memory")
    assert (world.now(session).state, world.now(session).reason) == (State.QUEUED, "no node has this much memory")
    world.run_job(session)
    assert (world.now(session).state, world.now(session).path) == (State.STARTING, None)
    world.clock.advance(5)
    await world.apps.register(world.registration(session))
    now = world.now(session)
    assert (now.state, now.path) == (State.READY, f"/jupyter/{NODE}/40000/alice/")
    assert now.ends_at is not None and (now.ends_at - now.launched_at).total_seconds() == now.wall_time_s


async def test_only_its_owner_is_led_to_a_session_and_only_by_all_of_its_path(world: AppWorld) -> None:
    session = await ready(world)
    found = upstream(world, session)
    assert found is not None and (found.host, found.port, found.secret) == (
        "127.0.0.1", 40000, world.told(session)["secret"],
    )  # fmt: skip
    assert upstream(world, session, "bob") is None
    assert world.apps.connections.upstream("code", NODE, 40000, "alice") is None
    assert world.apps.connections.upstream("jupyter", NODE, 40001, "alice") is None
    assert world.apps.connections.upstream("jupyter", "elsewhere", 40000, "alice") is None
    with pytest.raises(SessionNotFound):
        world.apps.session("bob", session.session_id)


async def test_sessions_survive_a_restart_with_what_leads_to_them(world: AppWorld) -> None:
    session = await ready(world)
    before = upstream(world, session)
    await world.restarted()
    assert before is not None and upstream(world, session) == before
    assert world.now(session) == session


async def test_a_launch_of_unknown_outcome_is_found_by_its_operation_and_not_repeated(world: AppWorld) -> None:
    session = await world.launch()
    await forget_all_but_the_launch(world)
    await world.restarted()
    assert world.now(session).state is State.SUBMITTING
    found = await world.apps.find("operation-1")
    assert found is not None and found.job_id == session.job_id
    assert await world.apps.find("operation-2") is None
    assert len(world.queues.jobs["pool"]) == 1


async def test_a_session_is_followed_through_its_changes_to_its_end(world: AppWorld) -> None:
    session = await world.launch()
    seen: list[State] = []
    async for now in world.apps.follow("alice", session.session_id):
        seen.append(now.state)
        if now.state is State.QUEUED:
            world.run_job(session)
        elif now.state is State.STARTING:
            await world.apps.register(world.registration(session))
        elif now.state is State.READY:
            await world.apps.stop("alice", session.session_id, "operation-stop")
    assert seen == [State.QUEUED, State.STARTING, State.READY, State.ENDED]


async def test_of_sessions_that_are_over_the_newest_are_kept(world: AppWorld) -> None:
    launched: list[str] = []
    for number in range(KEPT_OVER + 2):
        session = await world.launch(operation_id=f"operation-{number}")
        launched.append(session.session_id)
        world.clock.advance(1)
        world.change_job(session, state=JobState.FAILED)
        await world.apps.look()
    newest = launched[:1:-1]
    assert [each.session_id for each in world.apps.sessions("alice")] == newest
    await world.restarted()
    assert [each.session_id for each in world.apps.sessions("alice")] == newest


async def test_a_wait_is_estimated_from_those_before_it(world: AppWorld) -> None:
    session = await world.launch()
    assert world.now(session).estimate_s is None
    world.clock.advance(40)
    world.run_job(session)
    await world.apps.register(world.registration(session))
    second = await world.launch(operation_id="operation-2")
    world.clock.advance(10)
    assert world.now(second).estimate_s == 30


async def test_a_stopped_session_is_reached_no_more_its_job_is_removed_and_its_folder_gone(world: AppWorld) -> None:
    session = await ready(world)
    await world.apps.stop("alice", session.session_id, "operation-stop")
    assert (world.now(session).state, world.job(session).state) == (State.ENDED, JobState.CANCELLED)
    assert upstream(world, session) is None
    await world.apps.look()
    assert not Path(session.folder).exists()
    assert Path(session.folder).parent.exists()


async def test_nobody_stops_a_session_of_another(world: AppWorld) -> None:
    session = await ready(world)
    with pytest.raises(SessionNotFound):
        await world.apps.stop("bob", session.session_id, "operation-stop")
    assert world.now(session).state is State.READY


async def test_a_session_ends_with_its_job(world: AppWorld) -> None:
    session = await ready(world)
    world.change_job(session, state=JobState.TIMEOUT, reason="the job reached its wall time")
    await world.apps.look()
    assert (world.now(session).state, world.now(session).reason) == (State.ENDED, "the job reached its wall time")
    assert not Path(session.folder).exists()


@pytest.mark.parametrize("state", [JobState.HOLDING, JobState.QUEUEING, JobState.OTHER])
async def test_nobody_is_led_to_the_port_of_a_job_that_has_left_its_node(world: AppWorld, state: JobState) -> None:
    session = await ready(world)
    world.change_job(session, state=state, reason="evicted")
    await world.apps.look()
    assert (world.now(session).state, upstream(world, session)) == (State.ENDED, None)
    assert world.now(session).reason == f"its job has left its node and is {state.value.lower()}: evicted"
    assert world.job(session).state is JobState.CANCELLED


async def test_a_suspended_job_keeps_its_node_and_its_session(world: AppWorld) -> None:
    session = await ready(world)
    world.change_job(session, state=JobState.SUSPENDED)
    await world.apps.look()
    assert (world.now(session).state, upstream(world, session) is None) == (State.READY, False)


async def test_nobody_is_led_to_a_session_while_its_job_is_being_removed(
    world: AppWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, removed = await ready(world), world.queues.look
    led: list[Upstream | None] = []

    async def look(cluster: str, job_ids: Sequence[str]) -> None:
        led.append(upstream(world, session))
        await removed(cluster, job_ids)

    monkeypatch.setattr(world.queues, "look", look)
    await world.apps.stop("alice", session.session_id, "operation-stop")
    assert led == [None]


async def test_a_session_that_fails_keeps_the_log_and_no_secret(world: AppWorld) -> None:
    session = await world.launch()
    Path(session.folder, "app.err").write_text("x" * 20_000 + "jupyter-lab: not found\n")
    world.run_job(session)
    world.change_job(session, state=JobState.FAILED, reason="exit code 1")
    await world.apps.look()
    assert (world.now(session).state, world.now(session).reason) == (State.FAILED, "exit code 1")
    assert [each.name for each in Path(session.folder).iterdir()] == ["app.err"]
    log = await world.apps.log_end("alice", session.session_id)
    assert log.endswith("jupyter-lab: not found\n") and len(log) < 10_000


async def test_a_session_that_fails_tells_what_its_door_said_last(world: AppWorld) -> None:
    session = await world.launch()
    Path(session.folder, "app.err").write_text("door: \x1b[1mjupyter-lab\x07 is not installed on the node wn1\nbye\n")
    world.run_job(session)
    world.change_job(session, state=JobState.FAILED, reason="exit code 1")
    await world.apps.look()
    assert world.now(session).reason == "exit code 1: [1mjupyter-lab is not installed on the node wn1"


async def test_an_app_that_does_not_answer_in_time_is_ended(world: AppWorld) -> None:
    session = await world.launch()
    world.run_job(session)
    world.clock.advance(301)
    await world.apps.look()
    assert world.now(session).state is State.TIMED_OUT
    assert world.job(session).state is JobState.CANCELLED


async def test_a_job_that_does_not_start_in_time_is_removed(world: AppWorld) -> None:
    session = await world.launch()
    world.clock.advance(86_401)
    await world.apps.look()
    assert world.now(session).state is State.TIMED_OUT
    assert world.job(session).state is JobState.CANCELLED


async def test_a_launch_that_was_never_submitted_ends(world: AppWorld) -> None:
    await world.launch()
    await forget_all_but_the_launch(world)
    world.queues.jobs["pool"].clear()
    apps = await world.restarted()
    world.clock.advance(SUBMIT_TIMEOUT_S + 1)
    await apps.look()
    assert apps.sessions("alice")[0].state is State.FAILED


async def test_trouble_with_one_session_is_tried_again_and_delays_no_other(world: AppWorld) -> None:
    first, second = await ready(world), await world.launch(operation_id="operation-2")
    world.change_job(first, state=JobState.COMPLETED)
    world.change_job(second, state=JobState.FAILED, reason="exit code 1")
    Path(first.folder).parent.rename(world.home / "elsewhere")
    Path(first.folder).parent.write_text("a file where the folders were")
    await world.apps.look()
    assert [world.now(each).state for each in (first, second)] == [State.ENDED, State.FAILED]
    Path(first.folder).parent.unlink()
    (world.home / "elsewhere").rename(Path(first.folder).parent)
    world.clock.advance(61)
    await world.apps.look()
    assert not Path(first.folder).exists()


async def test_a_refused_launch_is_over_at_once(world: AppWorld) -> None:
    (world.home / ".ink").write_text("a file in the way")
    with pytest.raises(Exception, match="not a directory"):
        await world.launch()
    assert world.apps.sessions("alice")[0].state is State.FAILED


async def test_a_launch_that_ends_before_anything_is_submitted_is_over_and_holds_no_place(world: AppWorld) -> None:
    with pytest.raises(AgentNotConnected):
        await world.apps.launch("bob", "jupyter", "pool", AppOptions(), "operation-bob")
    assert world.apps.sessions("bob")[0].state is State.FAILED


async def test_a_launch_that_may_have_been_submitted_is_not_over_yet(world: AppWorld) -> None:
    world.scheduler.is_away = True
    with pytest.raises(AgentNotConnected):
        await world.launch()
    assert world.apps.sessions("alice")[0].state is State.SUBMITTING
