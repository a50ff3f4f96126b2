"""The state behind the contract server: users, jobs, agents, sessions and approvals, in memory, without I/O."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joblens.captures.capture import Capture
from joblens.store.memory import MemoryStore
from joblens.store.trace_store import TraceStore
from knowledge_graph.contributions.desk import ContributionDesk

Json = dict[str, Any]
USER_SCOPES = ["jobs:read", "jobs:submit", "jobs:manage", "files:read", "files:write", "agent:use"]
ADMIN_SCOPES = [*USER_SCOPES, "approvals:decide", "audit:read", "knowledge:review", "admin"]
PASSWORDS = {"alice": "correct horse", "admin": "battery staple"}
STATES = ("RUNNING", "RUNNING", "QUEUEING", "HOLDING", "COMPLETED", "RUNNING", "FAILED", "QUEUEING")


class Time:
    """The time of the contract server: the real one, until a test lets it stand still for pictures. Then each look
    moves it by a millisecond, so that what happens one after the other is told apart."""

    stands_at: datetime | None = None

    @classmethod
    def now(cls) -> datetime:
        if cls.stands_at is None:
            return datetime.now(UTC)
        cls.stands_at += timedelta(milliseconds=1)
        return cls.stands_at


def now() -> datetime:
    return Time.now()


def stamp(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


class Problem(Exception):
    """An RFC 9457 answer."""

    def __init__(self, status: int, code: str, detail: str, *, retryable: bool = False) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.retryable = status, code, detail, retryable


@dataclass
class Session:
    """One chat session: durable events, and the readers that wait for more."""

    session_id: str
    owner: str
    title: str
    worker_id: str | None
    created_at: datetime
    events: list[Json] = field(default_factory=list)
    readers: list[asyncio.Queue[Json]] = field(default_factory=list)
    live: Json | None = None
    turn: asyncio.Task[None] | None = None
    turns: int = 0
    parents: list[int] = field(default_factory=lambda: [-1])
    head: int = 0
    task_id: str | None = None
    parent: str | None = None
    profile: str | None = None
    limits: Json = field(default_factory=dict)
    watchers: list[str] = field(default_factory=list)
    context: Json = field(default_factory=lambda: {"used": 0, "total": None})

    def record(self, kind: str, **body: Any) -> Json:
        event = {"seq": len(self.events) + 1, "kind": kind, "time": stamp(now()), **body}
        self.events.append(event)
        if kind == "session.branched":
            self.head = body["parent"]
        if kind == "user.message":
            self.parents.append(self.head)
            self.head = len(self.parents) - 1
        if kind == "session.changed":
            self.title = body.get("title", self.title)
            self.worker_id = body.get("worker_id", self.worker_id)
        self.tell(event)
        return event

    def tell(self, event: Json) -> None:
        for reader in self.readers:
            reader.put_nowait(event)

    def value(self) -> Json:
        return {
            "session_id": self.session_id,
            "title": self.title,
            "owner": self.owner,
            "created_at": stamp(self.created_at),
            "worker_id": self.worker_id,
            "model": "builtin",
            "context": self.context,
            "confidentiality": "user",
            "share": "steer",
            "shared_with": self.watchers,
            "plan_mode": False,
            "task_id": self.task_id,
            "parent": self.parent,
            "profile": self.profile,
            "last_seq": len(self.events),
            "running": self.turn is not None and not self.turn.done(),
        }


@dataclass
class Approval:
    value: Json
    decided: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Terminal:
    """What a shell wrote so far, and who is listening."""

    terminal_id: str
    written: bytearray = field(default_factory=bytearray)
    listeners: list[asyncio.Queue[bytes | None]] = field(default_factory=list)
    line: bytearray = field(default_factory=bytearray)
    alive: bool = True

    def write(self, data: bytes) -> None:
        self.written += data
        for listener in self.listeners:
            listener.put_nowait(data)


def make_job(number: int, owner: str, state: str) -> Json:
    begun = state not in ("QUEUEING",)
    ended = state in ("COMPLETED", "FAILED")
    submitted = now() - timedelta(minutes=20 + number % 600)
    held = state == "HOLDING"
    return {
        "cluster": "dev",
        "job_id": f"{number}.0",
        "owner": owner,
        "name": ("ntuple", "reconstruct", "gen-sim", "fit", "ml-train")[number % 5],
        "state": state,
        "command": f"/home/{owner}/analysis/run.sh --part {number % 200}",
        "submitted_at": stamp(submitted),
        "started_at": stamp(submitted + timedelta(minutes=5)) if begun else None,
        "ended_at": stamp(submitted + timedelta(minutes=16)) if ended else None,
        "node": f"node-{number % 120:03d}" if begun and not held else None,
        "cpus": (1, 1, 4, 8)[number % 4],
        "memory_mb": (2048, 4096, 16000)[number % 3],
        "memory_peak_mb": (1500, 5100, 9000)[number % 3] if begun else None,
        "cpu_used_s": 512.5 if begun else None,
        "exit_code": (0 if state == "COMPLETED" else 1) if ended else None,
        "reason": "Job has gone over memory limit of 4096 megabytes. Peak usage: 5122 megabytes." if held else None,
        "reason_code": "34" if held else None,
        "queue": None,
        "group": "physics",
        "working_directory": f"/home/{owner}/analysis",
        "stdout": f"out/{number}.out",
        "stderr": f"out/{number}.err",
        "operation_id": None,
    }


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


FILES = {
    "hello.sh": "#!/bin/sh\necho hello from $(hostname)\nsleep 60\n",
    "analysis/select.py": (
        'import ROOT\n\nROOT.EnableImplicitMT(4)\ndf = ROOT.RDataFrame("Events", "data/*.root")\n'
        'h = df.Filter("nMuon >= 2").Histo1D(("pt", "p_{T}", 100, 0, 200), "Muon_pt")\nh.Draw()\n'
    ),
    "analysis/job.yaml": "executable: run.sh\nmemory: 6 GiB\n",
    "analysis/notes.md": "# Notes\n\nThe second half of the data has the new calibration.\n",
    "out/172.out": "processed 100000 events\n",
    "README.md": "My analysis.\n",
}


@dataclass
class World:
    """Everything the server knows. Tests may read and change it between steps."""

    jobs: list[Json] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=lambda: dict(FILES))
    earlier: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """What files held before and after an operation, by its id and their path."""
    cookies: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    providers: list[Json] = field(default_factory=list)
    tokens: dict[str, list[Json]] = field(default_factory=dict)
    devices: dict[str, Json] = field(default_factory=dict)
    sign_ins: dict[str, Json] = field(default_factory=dict)
    app_sessions: list[Json] = field(default_factory=list)
    launches: list[Json] = field(default_factory=list)
    usage: dict[str, list[Json]] = field(default_factory=dict)
    models: list[Json] = field(default_factory=list)
    foreign: list[Json] = field(default_factory=list)
    tasks: dict[str, Json] = field(default_factory=dict)
    subagents: dict[str, Json] = field(default_factory=dict)
    memories: list[Json] = field(default_factory=list)
    budgets: dict[str, Json] = field(default_factory=dict)
    shares: list[Json] = field(default_factory=list)
    quota: Json = field(default_factory=dict)
    plugin_pages: list[Json] = field(default_factory=list)
    agents: list[Json] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    calls: dict[str, Json] = field(default_factory=dict)
    grants: dict[str, Json] = field(default_factory=dict)
    accounts: dict[str, Json] = field(default_factory=dict)
    groups: list[Json] = field(default_factory=list)
    all_tokens: list[Json] = field(default_factory=list)
    policies: list[Json] = field(default_factory=list)
    policy_file: bool = False
    policy_waits: bool = True
    managed_models: list[Json] = field(default_factory=list)
    switched: dict[str, Json] = field(default_factory=dict)
    locks: list[Json] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, dict[str, bytes | None]] = field(default_factory=dict)
    slow_puts: int = 0
    put_keys: list[str] = field(default_factory=list)
    told_sizes: dict[str, int] = field(default_factory=dict)
    directories: set[str] = field(default_factory=set)
    trash: dict[str, Json] = field(default_factory=dict)
    uploads: dict[str, Json] = field(default_factory=dict)
    traces: TraceStore = field(default_factory=MemoryStore)
    captures: list[Capture] = field(default_factory=list)
    nodes: list[Json] = field(default_factory=list)
    changes: list[Json] = field(default_factory=list)
    incidents: dict[str, Json] = field(default_factory=dict)
    knowledge: ContributionDesk = field(default_factory=lambda: ContributionDesk(Time()))
    recalled: dict[str, Json] = field(default_factory=dict)
    listings: int = 0
    recorded: list[Json] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    recordings: dict[str, str] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    terminals: dict[str, Terminal] = field(default_factory=dict)
    background: set[asyncio.Task[None]] = field(default_factory=set)
    broken: threading.Event = field(default_factory=threading.Event)
    counter: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    delta_s: float = 0.01

    def identifier(self, prefix: str) -> str:
        return f"{prefix}-{next(self.counter):012d}"

    def job(self, job_id: str) -> Json | None:
        return next((job for job in self.jobs if job["job_id"] == job_id), None)

    def me(self, user: str) -> Json:
        admin = user == "admin"
        return {
            "username": user,
            "is_admin": admin,
            "scopes": ADMIN_SCOPES if admin else USER_SCOPES,
            "clusters": ["dev", "slurm"],
            "default_cluster": "dev",
            "model": {"name": "builtin", "trust": "builtin"},
        }

    def open_session(self, owner: str, title: str, worker_id: str | None) -> Session:
        session = Session(self.identifier("s"), owner, title, worker_id, now())
        session.record(
            "session.opened", owner=owner, title=title, worker_id=worker_id, model="builtin", trust="builtin"
        )
        self.sessions[session.session_id] = session
        return session

    def request_approval(self, session: Session | None, call: Json, requester: str, preview: Json) -> Approval:
        identifier = self.identifier("ap")
        digest = hashlib.sha256(json.dumps([call["tool"], call["arguments"]]).encode()).hexdigest()
        value: Json = {
            "approval_id": identifier,
            "call_id": call["call_id"],
            "session_id": session.session_id if session else None,
            "tool": call["tool"],
            "arguments": call["arguments"],
            "requester": requester,
            "risk": "high",
            "rule": "others-property",
            "reason": "This touches other people's property, so an administrator must approve it.",
            "digest": digest,
            "preview": preview,
            "requested_at": stamp(now()),
            "expires_at": stamp(now() + timedelta(minutes=15)),
            "state": "pending",
            "decided_by": None,
            "decided_reason": None,
            "worker_id": session.worker_id if session else None,
            "persons": 1,
            "given": [],
            "approver": "administrator",
            "fresh_login_s": None,
            "grantable": True,
            "unbound": [],
            "diff": None,
            "trace": [["many-jobs", "targets_over"], ["others-property", "matched"], ["reads", "risk"]],
        }
        approval = Approval(value)
        self.approvals[identifier] = approval
        return approval


def make_world(jobs: int = 6000) -> World:
    world = World()
    world.jobs = [
        make_job(100 + number, "alice" if number % 20 == 0 else f"user{number % 37:02d}", STATES[number // 20 % 8])
        for number in range(jobs)
    ]
    return world
