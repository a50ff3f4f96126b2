"""A world in which everything has happened: data for every page, at a moment that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.web.contract_admin import account as account_of
from tests.web.contract_admin import token_of
from tests.web.contract_agent import Turn
from tests.web.contract_apps import app_session
from tests.web.contract_foreign import wiki
from tests.web.contract_knowledge import contributed, corrected
from tests.web.contract_policy import shipped
from tests.web.contract_site import incident, node_tile
from tests.web.contract_switches import managed_model
from tests.web.contract_tasks import memory, subagent, task
from tests.web.contract_tools import TOOLS
from tests.web.contract_usage import account, usage_line
from tests.web.contract_world import Json, Session, Time, World, make_job, make_world, stamp
from tests.web.measured_jobs import measured, on_cards
from tests.web.recorded import conversation, terminal

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""When the pictures are taken."""
CODE = "WDJB-MJHT"
DAG = {"simulate": ("COMPLETED", ()), "odd-runs": ("RUNNING", ("simulate",)), "even-runs": ("HOLDING", ("simulate",))}
DAG_END = {"merge": ("QUEUEING", ("odd-runs", "even-runs"))}
SHELL = b"condor_q\r\n\x1b[32m172.0\x1b[0m  alice  \x1b[31mH\x1b[0m  run.sh\r\nalice@node-007:~$ "
JOBS, STATES = ("201.0", "202.0", "203.0"), ("running", "running", "queued")
REMOVAL: Json = {
    "summary": "Remove 3 jobs of user01 on dev (running: 2, queued: 1)",
    "targets": list(JOBS),
    "owners": ["user01"],
    "details": [f"{job}  user01  {state}  /home/user01/run.sh" for job, state in zip(JOBS, STATES, strict=True)],
    "undo": None,
}


@contextmanager
def standing_still() -> Iterator[None]:
    Time.stands_at = MOMENT
    try:
        yield
    finally:
        Time.stands_at = None


def lived_in() -> World:
    """Made while time stands still."""
    world = make_world(600)
    world.delta_s = 0
    _agents_and_apps(world)
    _conversations(world)
    _jobs(world)
    _site_and_knowledge(world)
    _control(world)
    _programs(world)
    return world


def _agents_and_apps(world: World) -> None:
    agent = {"worker_id": "w-000000000007", "user": "alice", "place": "execute", "state": "ready", "cluster": "dev"}
    world.agents.append({**agent, "job_id": "4711.0", "node": "node-007", "workspace": "/work", "detail": None})
    shell = TOOLS["open_terminal"](world, "alice", {})["terminal_id"]
    world.terminals[shell].write(SHELL)
    url = "http://apps.example/jupyter/node-007/31000/alice/"
    ends = stamp(MOMENT + timedelta(hours=7))
    waiting = {"reason": "No node has 8 free CPUs.", "estimate_s": 90.0}
    world.app_sessions += [
        app_session("as-2", "alice", state="queued", job_id="4713.0", **waiting),
        app_session("as-1", "alice", state="ready", job_id="4712.0", node="node-007", url=url, ends_at=ends),
    ]
    page = {"plugin": "events", "title": "Event display", "description": "Hits in 3-D.", "url": "/plugins/events/"}
    world.plugin_pages = [page]


def _conversations(world: World) -> None:
    conversation(world)
    talk = world.open_session("alice", "", "w-000000000007")
    for text in ("Show my running jobs", "Why is 172.0 held?"):
        _said(world, talk, text)
    call: Json = {
        "call_id": "c-open",
        "tool": "remove_jobs",
        "arguments": {"job_ids": REMOVAL["targets"], "cluster": "dev"},
    }
    asked = world.request_approval(talk, call, "alice", REMOVAL).value
    talk.record("user.message", text="Then remove the three of user01", by="alice")
    talk.record("model.asked", turn=3, model="builtin")
    talk.record("model.replied", turn=3, text="I ask for that.", calls=[], prompt_tokens=412, completion_tokens=4)
    talk.record("call.proposed", **call, principal="alice", origin="model", risk="high")
    talk.record("approval.requested", **{key: asked[key] for key in _ASKED}, **call)
    talk.context = {"used": 1_900, "total": 32_000}
    talk.task_id = task(world, "alice", "Calibration", bob="steer", carol="watch")["task_id"]
    sent = subagent("s-sub", talk.session_id, str(talk.task_id), "mc-simulation", "waiting_approval")
    world.subagents = {
        "s-sub": sent,
        "s-done": {**sent, "session_id": "s-done", "profile": "log-reader", "state": "done"},
    }
    world.memories = [memory("Runs 12 to 18 lack the new constants", "Take them from run 19.", "alice")]
    world.usage = {"model": [usage_line("site-model", 60_000), usage_line("builtin", 1_500, money=0.0)]}
    world.budgets["alice"] = account("user alice", tokens=100_000, calls=2_000, cpu_hours=100.0)


_ASKED = ("approval_id", "requester", "risk", "rule", "reason", "digest", "preview", "expires_at")


def _said(world: World, session: Session, text: str) -> None:
    """A turn of the scripted agent, in a thread of its own: the browser's driver has an event loop in the test's."""
    session.record("user.message", text=text, by="alice")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, Turn(world, session, "alice").run(text)).result(30)


def _jobs(world: World) -> None:
    for number, (name, (state, parents)) in enumerate({**DAG, **DAG_END}.items()):
        job = make_job(9000 + number, "alice", state)
        world.jobs.append({**job, "dag": "7", "dag_node": name, "dag_parents": {name: list(parents)}})
    begun = MOMENT.timestamp() - 3600
    going = measured("174.0", begun=MOMENT.timestamp() - 600, ended=False, sequence=2)
    world.traces.write([on_cards("172.0", begun=begun, sequence=1), going])


def _site_and_knowledge(world: World) -> None:
    ill = node_tile("node-007", "down", cpus_used=0, jobs=0, incidents=["i-1"])
    drained = node_tile("node-002", "maintenance", reason="new memory")
    world.nodes = [*(node_tile(f"node-{number:03d}") for number in range(8, 40)), drained, ill]
    world.incidents["i-1"] = incident("i-1", "Node node-007 is down")
    text = "The home is **small**.\n\n```sh\ncd /scratch/$USER\n```"
    contributed(world, "alice", "Use /scratch for output", text, kind="runbook")
    corrected(world, "alice", "It asked for 1 GB", "Ask for 4 GB: the calibration needs 3.")


def _control(world: World) -> None:
    call = {"call_id": "c-2", "tool": "submit_job", "arguments": {"script": "run.sh", "cpus": 64, "cluster": "dev"}}
    preview = {"summary": "Submit 1 job with 64 CPUs", "targets": [], "owners": [], "details": [], "undo": "remove it"}
    world.request_approval(None, call, "bob", preview)
    world.grants["g-1"] = {
        "grant_id": "g-1",
        "session_id": "s-1",
        "tool": "hold_jobs",
        "requester": "alice",
        "approver": "admin",
        "rule": "others-property",
        "owners": ["bob"],
        "most_targets": 3,
        "arguments": {"cluster": {"kind": "same", "value": "dev"}},
        "expires_at": stamp(MOMENT + timedelta(minutes=20)),
        "used": 2,
        "most_uses": 20,
    }
    world.locks = [{"kind": "user", "name": "mallory", "reason": "runs wild", "by": "admin", "at": stamp(MOMENT)}]
    terminal(world)
    world.accounts = {name: account_of(name) for name in ("alice", "bob", "carol")}
    world.accounts["admin"] = account_of("admin", is_admin=True)
    world.groups = [{"name": "gpu", "description": "for training", "permissions": ["gpu"], "scopes": []}]
    world.policies = [shipped()]
    resting = managed_model("far", "external", state="resting", failures=5, resting_s=25.0)
    world.managed_models = [managed_model("near", is_default=True), resting]
    world.all_tokens = [token_of("scan", "alice"), token_of("nightly", "bob")]


def _programs(world: World) -> None:
    asks = {"scopes": ["files:read", "jobs:read"], "expires_at": "2099-01-01T00:00:00Z"}
    network = {"user_code": CODE, "client": "ink on laptop", "words": [], "network": "192.0.2.0/24"}
    world.devices[CODE.replace("-", "")] = {**asks, **network}
    at = {"client": "Analysis notebook", "words": ["openid", "profile"], "answered_at": "127.0.0.1:8765", "url": "/"}
    world.sign_ins["r-1"] = {**asks, **at}
    token = {"id": "t-1", "name": "laptop", "scopes": ["files:read", "jobs:read"], "created_at": stamp(MOMENT)}
    bounds = {"expires_at": stamp(MOMENT + timedelta(days=30)), "jobs": 100, "jobs_used": 12, "requests_per_minute": 60}
    world.tokens["alice"] = [{**token, **bounds, "last_used_at": stamp(MOMENT)}]
    world.foreign = [wiki()]
