"""Who may say where an app is: its own job, once, in time, on the node where the scheduler has it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from ink_core.apps.app_login import AppLoginInvalid, parse
from ink_core.apps.register import CallbackRefused, CallbackUsed, NodeNotKnown, same_node
from ink_core.apps.service import AppSessionView
from ink_core.apps.session import State
from ink_core.compute.model import JobState
from tests.unit.apps.app_world import NODE, AppWorld

pytestmark = pytest.mark.asyncio
by_both = pytest.mark.requirement("CORE-APPS-06")
LOGIN = {"HOST": NODE, "PORT": 41000, "TOKEN": "the-apps-own-token"}


async def running(world: AppWorld, app: str = "jupyter") -> AppSessionView:
    session = await world.launch(app)
    world.run_job(session)
    return session


@by_both
async def test_a_callback_counts_once(world: AppWorld) -> None:
    session = await running(world)
    registration = world.registration(session)
    await world.apps.register(registration)
    with pytest.raises(CallbackUsed):
        await world.apps.register(registration.model_copy(update={"port": 40001}))
    assert world.now(session).port == 40000
    await world.restarted()
    with pytest.raises(CallbackUsed):
        await world.apps.register(registration)


@by_both
async def test_of_two_callbacks_at_once_one_counts(world: AppWorld) -> None:
    session = await running(world)
    asked = [world.registration(session, port=port) for port in (40000, 40001)]
    answers = await asyncio.gather(*map(world.apps.register, asked), return_exceptions=True)
    assert [isinstance(answer, CallbackUsed | NodeNotKnown) for answer in answers].count(True) == 1
    assert answers.count(None) == 1


@pytest.mark.parametrize("changes", [{"token": "guessed"}, {"session_id": "0" * 32}, {"token": "\u00e9"}])
async def test_without_the_sessions_token_a_callback_is_refused(world: AppWorld, changes: dict[str, str]) -> None:
    session = await running(world)
    with pytest.raises(CallbackRefused, match="no session waits"):
        await world.apps.register(world.registration(session, **changes))
    assert world.now(session).state is State.STARTING


async def test_the_token_of_another_session_is_no_good(world: AppWorld) -> None:
    first = await running(world)
    second = await world.launch(operation_id="operation-2")
    stolen = world.registration(second, token=world.told(first)["callback_token"])
    with pytest.raises(CallbackRefused):
        await world.apps.register(stolen)


async def test_the_secret_of_the_door_does_not_register(world: AppWorld) -> None:
    session = await running(world)
    with pytest.raises(CallbackRefused):
        await world.apps.register(world.registration(session, token=world.told(session)["secret"]))


async def test_a_job_cannot_have_the_proxy_connect_to_another_machine(world: AppWorld) -> None:
    session = await running(world)
    for node in ("localhost", "127.0.0.1", "database.site.example", f"{NODE}x"):
        with pytest.raises(CallbackRefused, match="does not run on"):
            await world.apps.register(world.registration(session, node=node))
    assert world.now(session).path is None


async def test_a_callback_that_is_too_early_may_come_again(world: AppWorld) -> None:
    session = await world.launch()
    with pytest.raises(NodeNotKnown) as early:
        await world.apps.register(world.registration(session))
    assert early.value.retryable and world.queues.looked_at[-1] == ("pool", (session.job_id,))
    world.run_job(session)
    await world.apps.register(world.registration(session))
    assert world.now(session).state is State.READY


async def test_a_callback_that_is_too_late_is_refused(world: AppWorld) -> None:
    session = await running(world)
    world.clock.advance(301)
    with pytest.raises(CallbackRefused, match="too long"):
        await world.apps.register(world.registration(session))


async def test_a_session_that_is_over_registers_no_more(world: AppWorld) -> None:
    session = await running(world)
    registration = world.registration(session)
    await world.apps.stop("alice", session.session_id, "operation-stop")
    with pytest.raises(CallbackRefused, match="over"):
        await world.apps.register(registration)


async def test_names_of_one_node_with_and_without_its_domain_are_the_same() -> None:
    assert same_node("node1", "node1.site.example") and same_node("NODE1.site.example.", "node1.site.example")
    assert not same_node("node1.evil.example", "node1.site.example") and not same_node("node1", "node10")


def write_login(session: AppSessionView, **changes: Any) -> None:
    Path(session.folder, "app_login.info").write_text(json.dumps(LOGIN | changes))


@by_both
async def test_the_login_file_of_an_existing_script_is_accepted(world: AppWorld) -> None:
    session = await running(world, "old")
    assert world.job(session).command == f"{session.folder}/start.sh"
    await world.apps.look()
    assert world.now(session).state is State.STARTING
    write_login(session)
    await world.apps.look()
    assert (world.now(session).state, world.now(session).path) == (State.READY, f"/old/{NODE}/41000/alice/")
    found = world.apps.connections.upstream("old", NODE, 41000, "alice")
    assert found is not None
    assert (found.secret, found.authorization) == (None, "token the-apps-own-token")
    assert "the-apps-own-token" not in str([change.model_dump() for change in await world.journal.changes()])


@by_both
async def test_after_a_restart_the_same_login_file_counts_and_no_other(world: AppWorld) -> None:
    session = await running(world, "old")
    write_login(session)
    await world.apps.look()
    write_login(session, TOKEN="another", PORT=41001)
    apps = await world.restarted()
    await apps.look()
    assert apps.connections.upstream("old", NODE, 41000, "alice") is None
    write_login(session)
    await apps.look()
    assert apps.connections.upstream("old", NODE, 41000, "alice") is not None
    assert apps.connections.upstream("old", NODE, 41001, "alice") is None


@pytest.mark.parametrize("host", ["localhost", "database.site.example", "10.0.0.1"])
async def test_a_login_file_cannot_lead_to_another_machine(world: AppWorld, host: str) -> None:
    session = await running(world, "old")
    write_login(session, HOST=host)
    await world.apps.look()
    assert world.now(session).path is None
    assert host in (world.now(session).reason or "")
    world.clock.advance(301)
    await world.apps.look()
    assert world.now(session).state is State.TIMED_OUT and host in (world.now(session).reason or "")


async def test_a_login_file_is_looked_for_only_while_the_job_runs(world: AppWorld) -> None:
    session = await world.launch("old")
    write_login(session)
    await world.apps.look()
    assert world.now(session).state is State.QUEUED
    world.change_job(session, state=JobState.RUNNING, node=NODE, started_at=world.clock.now())
    await world.apps.look()
    assert world.now(session).state is State.READY


@by_both
@pytest.mark.parametrize(
    "content",
    [
        '{"HOST": "node1", "PORT": 8888, "TOKEN": "x"}',
        "HOST=node1\nPORT=8888\nTOKEN=x\n",
        "export HOST='node1'\nPORT: 8888\nTOKEN = \"x\"\nMORE=1\n",
    ],
)
async def test_login_files_are_read_in_the_forms_that_scripts_write(content: str) -> None:
    login = parse(content.encode())
    assert (login.host, login.port, login.authorization) == ("node1", 8888, "token x")


async def test_a_password_is_no_header() -> None:
    login = parse(b"HOST=node1\nPORT=5901\nPASSWD=secret\n")
    assert (login.passwd, login.authorization) == ("secret", None)
    assert "secret" not in repr(login)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"HOST=node1\nPORT=22\nTOKEN=x",
        b"HOST=node1\nPORT=70000\nTOKEN=x",
        b"HOST=node1/../x\nPORT=8888\nTOKEN=x",
        b"HOST=node1\nPORT=8888",
        b"HOST=node1\nPORT=8888\nTOKEN=x\nPASSWD=y",
        b'{"HOST": "node1", "PORT": 8888, "TOKEN": "x\\r\\nEvil: 1"}',
        b"HOST=node1\nPORT=8888\nTOKEN=" + b"x" * 5000,
    ],
)
async def test_a_login_file_that_is_no_good_is_refused_without_repeating_it(content: bytes) -> None:
    with pytest.raises(AppLoginInvalid) as refused:
        parse(content)
    assert "Evil" not in str(refused.value) and "xxx" not in str(refused.value)
