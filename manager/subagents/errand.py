"""The course of one child's work as a pure machine: a fold over its chain, and what is to be done next.

What is done comes back as records of the chain, so an errand that is taken up after a crash goes on where the records
end. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event
from ink_core.errors import InkError
from manager.agent.brief import HAND_IN
from manager.gate.policy import Origin

MOST_REMINDERS = 2
MOST_UNFIT = 3
"""Results that do not keep to the schema: the child is told each time, and ended at the third."""


class ErrandFailed(InkError):
    """The sub-agent ended without a result; `code` and text say why."""

    code = "sub_agent_failed"
    http_status = 409


@dataclass(frozen=True)
class Ending:
    """`result` of a child that is done, or else why it is not: a stable code and words."""

    code: str
    message: str
    result: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True)
class Open:
    """Write the first records of the child's session."""


@dataclass(frozen=True)
class Launch:
    """Ask the gate for a worker agent of its own."""


@dataclass(frozen=True)
class Begin:
    """Give it the goal, in its worker if it has one."""


@dataclass(frozen=True)
class Remind:
    """It ended its turn without a result: tell it to hand one in."""


@dataclass(frozen=True)
class Halt:
    """End its turn, or keep it from beginning one."""

    why: str


@dataclass(frozen=True)
class CallOffLaunch:
    """Take back a launch that waits for an approver; one that runs is waited for."""


@dataclass(frozen=True)
class StopWorker:
    worker_id: str


@dataclass(frozen=True)
class Wait:
    """For the next record, or for the worker to be ready."""


@dataclass(frozen=True)
class Finish:
    ending: Ending


Step = Open | Launch | Begin | Remind | Halt | CallOffLaunch | StopWorker | Wait | Finish


def launch_id(session_id: str) -> str:
    return f"c-{session_id}-worker"


def stop_id(session_id: str) -> str:
    return f"c-{session_id}-worker-stop"


@dataclass(frozen=True)
class Errand:
    """Of one child.

    `launched`: its launch was put to the gate, and `launch_failed` says why there is no worker; `worker_gone`: stopping
    it has ended, well or badly. `begun`: it has its goal. `over` is how its last turn ended.
    `called_off`: why the parent wants it no more, or that its time is up; `ready`: whether its worker is connected.
    `handing` are results that it hands in, by call.
    """

    session_id: str
    own_worker: bool = False
    opened_at: datetime | None = None
    launched: bool = False
    launch_open: bool = False
    launch_failed: str | None = None
    worker_id: str | None = None
    ready: bool = False
    worker_lost: bool = False
    stop_asked: bool = False
    worker_gone: bool = False
    begun: bool = False
    running: bool = False
    over_budget: bool = False
    over: tuple[str, str] | None = None
    ended_at: datetime | None = None
    reminders: int = 0
    unfit: int = 0
    handing: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict[str, Mapping[str, JsonValue]])
    result: Mapping[str, JsonValue] | None = None
    called_off: Ending | None = None
    launch_called_off: bool = False


def fold(errand: Errand, event: Event) -> Errand:
    """The errand after one record of the child's chain."""
    body = cast("Mapping[str, Any]", event.body)
    match event.kind:
        case "session.opened":
            return replace(errand, opened_at=event.time)
        case "user.message":
            reminders = errand.reminders + errand.begun
            return replace(errand, begun=True, running=True, over=None, ended_at=None, reminders=reminders)
        case "budget.asked" | "budget.raised":
            return replace(errand, over_budget=event.kind == "budget.asked")
        case "turn.ended":
            over = (str(body["reason"]), str(body["detail"]))
            return replace(errand, running=False, over_budget=False, over=over, ended_at=event.time)
        case "call.proposed" | "call.refused" | "call.outcome":
            return _with_call(errand, event.kind, body)
        case _:
            return errand


def _with_call(errand: Errand, kind: str, body: Mapping[str, Any]) -> Errand:
    call_id = str(body["call_id"])
    if call_id == launch_id(errand.session_id):
        return _with_launch(errand, kind, body)
    if call_id == stop_id(errand.session_id):
        return replace(errand, stop_asked=True, worker_gone=kind != "call.proposed")
    if kind == "call.proposed":
        hands_in = body["tool"] == HAND_IN and body["origin"] == Origin.MODEL
        handing = {call_id: body["arguments"].get("result")} if hands_in else {}
        return replace(errand, handing={**errand.handing, **handing})
    return _handed_in(errand, call_id, kind == "call.outcome" and body["status"] == "done")


def _with_launch(errand: Errand, kind: str, body: Mapping[str, Any]) -> Errand:
    if kind == "call.proposed":
        return replace(errand, launched=True, launch_open=True)
    if kind == "call.outcome" and body["status"] == "done":
        return replace(errand, launch_open=False, worker_id=str(body["result"]["worker_id"]))
    said = body["message"] if kind == "call.refused" else body["error"]["message"]
    failed = str(said) if errand.over is None else None  # one that is called off has not failed
    return replace(errand, launch_open=False, launch_failed=failed)


def _handed_in(errand: Errand, call_id: str, done: bool) -> Errand:
    if call_id not in errand.handing:
        return errand
    handing = {other: result for other, result in errand.handing.items() if other != call_id}
    if not done:
        return replace(errand, handing=handing, unfit=errand.unfit + 1)
    return replace(errand, handing=handing, result=errand.result or errand.handing[call_id])


def next_step(errand: Errand) -> Step:
    ending = ending_of(errand)
    if ending is not None:
        return _wind_up(errand, ending)
    if errand.opened_at is None:
        return Open()
    if errand.running:
        return Wait()
    if errand.begun:
        return Remind()
    if not errand.own_worker or errand.ready:
        return Begin()
    return Wait() if errand.launched else Launch()


def ending_of(errand: Errand) -> Ending | None:
    """How it has ended, or why it has to; None while it may go on."""
    if errand.result is not None and not errand.running:
        return Ending("done", "", errand.result)
    if errand.called_off is not None:
        return errand.called_off
    if errand.unfit >= MOST_UNFIT:
        return Ending("unfit_result", f"{MOST_UNFIT} of its results did not keep to the form of its profile")
    if errand.launch_failed is not None:
        return Ending("no_worker", f"it got no worker agent of its own: {errand.launch_failed}")
    if errand.worker_lost and not errand.begun:
        return Ending("no_worker", "its worker agent ended before it was ready")
    return _of_its_turn(errand)


def _of_its_turn(errand: Errand) -> Ending | None:
    if errand.over is None:
        return None
    reason, detail = errand.over
    if reason == "stopped":
        return Ending("stopped", detail or "it was stopped")
    if reason != "answered":
        return Ending("sub_agent_failed", f"it came to no result: {detail}")
    if errand.reminders >= MOST_REMINDERS:
        return Ending("no_result", f"it was told {MOST_REMINDERS} times to hand in a result, and did not")
    return None


def _wind_up(errand: Errand, ending: Ending) -> Step:
    """Its turn first, then its worker; the end is told when nothing of it is left."""
    never_began = errand.opened_at is not None and not errand.begun and errand.over is None
    if errand.running or never_began:
        return Halt(ending.message)
    if errand.launch_open:
        return Wait() if errand.launch_called_off else CallOffLaunch()
    if errand.worker_id is not None and not errand.worker_gone:
        return Wait() if errand.stop_asked else StopWorker(errand.worker_id)
    return Finish(ending)
