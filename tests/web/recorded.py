"""A conversation on record, for the audit page: an answer, a rejected request, and an approved one."""

from __future__ import annotations

import json
from typing import Any

from tests.web.contract_world import Json, Session, World

TRACE = [["many-jobs", "targets_over"], ["others-property", "matched"]]


def conversation(world: World, title: str = "Tidy up") -> Session:
    session = world.open_session("alice", title, None)
    session.turns = 1
    session.record("user.message", text="Remove the old jobs, please.", by="alice")
    session.record("model.asked", turn=1, model="site-model")
    session.record("model.replied", turn=1, text="I ask for that.", calls=[], prompt_tokens=9, completion_tokens=4)
    _asked(session, "c-rejected", ["201.0"])
    _decided(session, "c-rejected", "rejected", "these still run", None)
    session.record("call.refused", call_id="c-rejected", code="rejected", message="Rejected: these still run")
    _asked(session, "c-approved", ["202.0", "203.0"])
    _decided(session, "c-approved", "approved", None, "5e" * 64)
    intent = {"operation_id": "op-1", "acting_as": "alice", "worker_id": None, "approval_id": "ap-c-approved"}
    session.record("call.intent", call_id="c-approved", **intent)
    done: Json = {"status": "done", "result": {"done": ["202.0", "203.0"]}, "duration_ms": 212, "label": {}}
    session.record("call.outcome", call_id="c-approved", **done)
    session.record("model.asked", turn=1, model="site-model")
    session.record("model.replied", turn=1, text="Two are removed.", calls=[], prompt_tokens=9, completion_tokens=4)
    session.record("turn.ended", turn=1, reason="answered", detail="")
    return session


def terminal(world: World) -> str:
    """A recorded terminal in which alice looked at the queue; its id."""
    header = {"version": 2, "width": 60, "height": 12, "timestamp": 1767225600}
    frames: list[list[Any]] = [
        [0.1, "o", "alice@node-007:~$ "],
        [2.0, "o", "condor_q\r\n"],
        [2.5, "o", "\x1b[31m172.0 H\x1b[0m\r\nalice@node-007:~$ "],
        [3.0, "r", "50x10"],
        [900.0, "m", "missing"],
        [901.0, "o", "exit\r\n"],
    ]
    world.recordings["r-0000000000000001"] = "".join(json.dumps(line) + "\n" for line in [header, *frames])
    return "r-0000000000000001"


def _asked(session: Session, call_id: str, jobs: list[str]) -> None:
    arguments: Json = {"job_ids": jobs, "cluster": "dev"}
    call: Json = {"call_id": call_id, "tool": "remove_jobs", "arguments": arguments}
    decision = {"effect": "ask", "rule": "others-property", "risk": "high", "trace": TRACE}
    session.record("call.proposed", **call, principal="alice", origin="model", risk="high", decision=decision)
    preview = {"summary": f"Remove {len(jobs)} jobs", "targets": jobs, "owners": ["bob"], "details": [], "undo": None}
    asked: dict[str, Any] = {"approval_id": f"ap-{call_id}", "requester": "alice", "risk": "high", "preview": preview}
    asked |= {
        "rule": "others-property",
        "reason": "This touches other people's property, so an administrator must approve it.",
    }
    session.record("approval.requested", **call, **asked, digest="d1" * 32, expires_at="2100-01-01T00:00:00Z")


def _decided(session: Session, call_id: str, verdict: str, reason: str | None, signature: str | None) -> None:
    about = {"call_id": call_id, "approval_id": f"ap-{call_id}", "verdict": verdict, "by": "admin"}
    session.record("approval.decided", **about, reason=reason, signature=signature)
