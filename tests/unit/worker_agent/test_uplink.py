"""The connection: it comes back by itself, proves itself with the resume secret, and no frame can kill the agent."""

from __future__ import annotations

import asyncio
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.worker_agent.manager import LAUNCH_TOKEN, PATIENCE_S, SmallManager, WorkerLink
from worker_agent.agent import LONGEST_WAIT_S
from worker_agent.backoff import Backoff
from worker_agent.protocol import MAX_FRAME_BYTES, PackError, Place


@pytest.mark.requirement("WORKER-RPC-04")
async def test_it_reconnects_with_the_resume_secret_after_the_manager_was_gone(
    manager: SmallManager, link: WorkerLink
) -> None:
    await manager.stop()
    await manager.start()
    again = await manager.worker()
    assert again.epoch == link.epoch + 1
    assert again.hello["secret"] != LAUNCH_TOKEN
    assert (await again.call("worker.ping")).rss_bytes > 0


@pytest.mark.requirement("WORKER-RPC-03")
async def test_after_a_reconnect_it_reports_what_is_unfinished_and_tells_its_outcome(
    manager: SmallManager, link: WorkerLink
) -> None:
    await link.socket.send(_run("op-long-one", link.epoch, ["sh", "-c", "echo started; sleep 60"]))
    await link.notification("process.output")
    await link.socket.close()
    again = await manager.worker()
    assert again.hello["unfinished"] == ["op-long-one"]
    assert (await again.call("operation.outcome", target="op-long-one")).state == "running"
    await again.call("process.kill", target="op-long-one")
    outcome = await again.call("operation.outcome", target="op-long-one")
    assert (outcome.state, outcome.result["stdout"]) == ("done", "started\n")


@pytest.mark.requirement("WORKER-RPC-03")
async def test_a_stale_epoch_is_refused(manager: SmallManager, link: WorkerLink) -> None:
    await link.socket.close()
    again = await manager.worker()
    with pytest.raises(PackError) as refused:
        await again.call_as("files.list", None, epoch=link.epoch)
    assert refused.value.fault.code == "stale_epoch"


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "not json",
        "[]",
        "{}",
        "null",
        "[" * 5000,
        '{"jsonrpc": "2.0", "method": 7}',
        '"' + "x" * 100_000 + '"',
        "NaN",
    ],
)
async def test_a_malformed_frame_is_answered_with_an_error_and_harms_nothing(link: WorkerLink, frame: str) -> None:
    answer = await link.raw(frame, answer_to=None)
    assert answer["error"]["code"] in {-32700, -32600}
    assert (await link.call("worker.ping")).uptime_s > 0


async def test_binary_frames_and_notifications_are_not_answered(link: WorkerLink) -> None:
    await link.socket.send(b"\x00\xff")
    await link.socket.send(json.dumps({"jsonrpc": "2.0", "method": "worker.ping", "params": {}}))
    assert (await link.call("worker.ping")).uptime_s > 0


async def test_an_oversize_frame_costs_the_connection_but_not_the_agent(
    manager: SmallManager, link: WorkerLink
) -> None:
    await link.socket.send("x" * (MAX_FRAME_BYTES + 1))
    again = await manager.worker()
    assert (await again.call("worker.ping")).uptime_s > 0


async def test_an_answer_that_would_be_oversize_becomes_a_fault(link: WorkerLink) -> None:
    with pytest.raises(PackError) as refused:  # control characters take six bytes each in JSON
        noise = ["sh", "-c", "head -c 1000000 /dev/zero | tee /dev/stderr"]
        await link.call("process.run", argv=noise, output_limit=1_000_000)
    assert refused.value.fault.code == "answer_too_large"


async def test_a_manager_that_does_not_answer_heartbeats_is_left(manager: SmallManager, link: WorkerLink) -> None:
    manager.heartbeat_s = 0.05
    await link.socket.close()
    deaf = await manager.worker()
    deaf.socket.transport.pause_reading()
    again = await manager.worker()
    assert again.epoch == deaf.epoch + 1
    deaf.socket.transport.resume_reading()
    async with asyncio.timeout(PATIENCE_S):
        await deaf.closed.wait()


@given(st.randoms(use_true_random=False), st.sampled_from(Place))
@settings(deadline=None)
def test_waiting_times_grow_to_a_bound_and_are_spread(random: Random, place: Place) -> None:
    backoff = Backoff(LONGEST_WAIT_S[place], random)
    waits = [backoff.next() for _ in range(20)]
    assert all(0.125 <= wait <= LONGEST_WAIT_S[place] for wait in waits)
    assert waits[0] <= 0.25 < waits[-1]
    backoff.reset()
    assert backoff.next() <= 0.25


def _run(operation: str, epoch: int, argv: list[str]) -> str:
    params = {"call": {"operation_id": operation, "epoch": epoch, "deadline_s": 60}, "arguments": {"argv": argv}}
    return json.dumps({"jsonrpc": "2.0", "id": operation, "method": "process.run", "params": params})
