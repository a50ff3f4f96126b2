"""What an external model must not see never leaves: a canary in experiment data, looked for in every byte sent out."""

from __future__ import annotations

import ast
import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Event
from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint, InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault
from ink_core.identity.principal import USER_SCOPES, Principal
from ink_core.labels import Confidentiality
from manager.agent.assembler import Assembler
from manager.agent.choice import ModelChoice, UnknownModel
from manager.agent.egress import CLEARANCE, EgressRefused
from manager.agent.failover import FailoverModel
from manager.agent.model import ChatModel, ModelRequest, TrustClass, UserTurn
from manager.agent.offline_guide import OfflineGuide
from manager.agent.openai_model import OpenAIModel
from manager.agent.openai_settings import OpenAISettings, Retries
from manager.agent.state import LoopLimits
from manager.gate.admission import Proposal
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.sessions.live import LiveChannels
from manager.sessions.parts import RunnerParts
from manager.sessions.service import SessionService
from mcp_tools.catalogue import default_catalogue
from mcp_tools.context import Services
from mcp_tools.doubles import MemoryDocuments, MemoryHomes, MemoryLauncher, MemoryLinks, MemoryQueues, memory_job
from mcp_tools.path_labels import PathLabels, TreeRule
from tests.doubles.openai_script import ScriptedCall, ScriptedReply
from tests.doubles.scripted_openai import ScriptedOpenAI

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
CANARY = f"canary-{token_hex(16)}"
PRODUCT = ("ink_core", "worker_agent", "mcp_tools", "skills", "knowledge_graph", "audit", "joblens", "manager")
READING: Mapping[str, dict[str, JsonValue]] = {
    "list_files": {"path": "run1"},
    "read_file": {"path": "run1/events.txt"},
    "search_files": {"pattern": "muon"},
    "read_notebook": {"path": "run1/events.txt"},
    "edit_notebook": {"path": "run1/events.txt", "cell": 0, "source": "x"},
    "pack_files": {"paths": ["run1"], "target": "run1.zip"},
    "unpack_archive": {"path": "run1/a.zip", "target": "a"},
    "patch_files": {"paths": ["run1/events.txt"], "edits": [{"old": "a", "new": "b"}]},
    "disk_use": {},
    "write_file": {"path": "notes.txt", "text": "x"},
    "make_directory": {"path": "new"},
    "remove_file": {"path": "run1/events.txt"},
    "rename_file": {"source": "a", "target": "b"},
    "copy_file": {"source": "run1/events.txt", "target": "b"},
    "change_mode": {"path": "run1/events.txt", "mode": 0o600},
    "trash_file": {"path": "run1/events.txt"},
    "restore_file": {"trash_id": "0" * 32},
    "empty_trash": {},
    "commit_upload": {"upload_id": "0" * 32, "path": "run1/events.txt", "size": 1, "sha256": "0" * 64},
    "create_share": {"path": "run1/events.txt", "reader_kind": "public"},
    "start_process": {"argv": ["cat", "/eos/experiment/run1/events.txt"]},
    "read_process": {"process_id": "0" * 12},
    "stop_process": {"process_id": "0" * 12},
    "git_look": {"action": "diff"},
    "git_commit": {"message": "x", "paths": ["run1"]},
    "read_terminal": {},
    "read_earlier_version": {"path": "run1/events.txt", "operation_id": "op-1"},
    "run_command": {"argv": ["cat", "/eos/experiment/run1/events.txt"]},
    "own_skills": {},
    "accept_skill": {"name": "user:calibrate", "sha256": "0" * 64},
    "create_download_link": {"path": "run1/events.txt"},
    "read_result": {"call_id": "c-1", "pointer": "/text"},
}
"""Calls of every tool whose results or errors can hold what lies in files."""

ENTRY: dict[str, JsonValue] = {
    "name": CANARY,
    "path": f"run1/{CANARY}",
    "kind": "file",
    "size": 5,
    "mode": 0o600,
    "modified": 0.0,
    "owner": "alice",
}
ANSWERS: Mapping[str, JsonValue] = {
    "files.list": {"path": "run1", "entries": [ENTRY], "total": 1},
    "files.read": {
        "path": "run1/events.txt",
        "content": base64.b64encode(f"{CANARY} ".encode() * 2000).decode(),
        "offset": 0,
        "size": 1,
        "eof": True,
        "sha256": None,
    },
    "process.run": {
        "exit_code": 0,
        "stdout": CANARY,
        "stderr": CANARY,
        "truncated": False,
        "timed_out": False,
        "duration_s": 0.1,
    },
}


class Experiment:
    """An agent whose files are experiment data: everything it says of them, errors too, holds the canary."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        self.asked.append(method)
        if method in ANSWERS:
            return ANSWERS[method]
        raise AgentFault(f"{CANARY} is in the way", code="conflict", retryable=False)


class Place:
    """A site whose homes hold experiment data and whose workers see scratch only; `outside` is an external model."""

    def __init__(self, outside: ScriptedOpenAI, inside: ScriptedOpenAI) -> None:
        self.ledger, self.files = MemoryLedger(), Experiment()
        self.outside, self.inside = outside, inside
        agents = InProcessAgents({AccessPoint("alice"): self.files.answer})
        rules = PathLabels([TreeRule("/home/{user}", Confidentiality.EXPERIMENT)])
        queues = MemoryQueues({"pool": [memory_job("1.0", "alice")]})
        services = Services(agents, queues, MemoryDocuments(), MemoryLinks(), MemoryLauncher(), MemoryHomes(), rules)
        policy, self.catalogue = load_policy(None), default_catalogue()
        self.gate = Gate(self.ledger, self.catalogue, lambda: policy, services, ManualClock(), GateLimits())
        self.opened = [_model("outside", outside, TrustClass.EXTERNAL), _model("second", outside, TrustClass.EXTERNAL)]
        self.external = FailoverModel(self.opened)
        self.opened.append(_model("inside", inside, TrustClass.SITE))
        self.read_before = Proposal("c-1", "read_file", READING["read_file"], ALICE, Origin.USER, "portal:alice")
        self.sessions = self.service([self.external, self.opened[-1]])

    def service(self, models: Sequence[ChatModel]) -> SessionService:
        assembler = Assembler(lambda principal: self.catalogue.allowed(principal.scopes), lambda: ("pool",))
        choice = ModelChoice([*models, OfflineGuide()])
        return SessionService(
            RunnerParts(self.ledger, self.gate, choice, assembler.request, LiveChannels(), LoopLimits())
        )

    async def close(self) -> None:
        await self.sessions.close()
        await self.gate.close()
        for model in self.opened:
            await model.aclose()

    async def ask(self, session_id: str, text: str = "look at my data") -> list[Event]:
        """All events of the session once the turn has ended."""
        seq = await self.sessions.post(ALICE, session_id, text)
        async with asyncio.timeout(100):
            async for event in self.ledger.follow(session_chain(session_id), after=seq):
                if event.kind == "turn.ended":
                    break
        return list(await self.ledger.read(session_chain(session_id)))

    @property
    def leaked(self) -> int:
        return bytes(self.outside.received).count(CANARY.encode())


def _model(name: str, server: ScriptedOpenAI, trust: TrustClass) -> OpenAIModel:
    retries = Retries(tries=3, first_s=0.01, longest_s=0.02)
    return OpenAIModel(OpenAISettings(name, server.base_url, "scripted", trust, retries=retries), "")


def calling(tool: str, arguments: Mapping[str, JsonValue]) -> ScriptedReply:
    return ScriptedReply(calls=(ScriptedCall(name=tool, arguments=dict(arguments)),), role="user")


TELLING_OF_MEASURED_JOBS = {"list_incidents", "site_health"}
"""They bring no file; their labels are tried in tests/unit/incidents/test_incident_desk.py."""
SAYS = ScriptedReply(text="I am told: {last}", times=None)
Servers = tuple[ScriptedOpenAI, ScriptedOpenAI]


@pytest.fixture
async def exits() -> AsyncGenerator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def place(exits: AsyncExitStack, *replies: ScriptedReply) -> Place:
    outside = await exits.enter_async_context(ScriptedOpenAI([*replies, SAYS]))
    inside = await exits.enter_async_context(ScriptedOpenAI([*replies, SAYS]))
    made = Place(outside, inside)
    await made.gate.propose(made.read_before)
    await made.gate.wait("c-1", 5)
    made.files.asked.clear()
    exits.push_async_callback(made.close)
    return made


def refusals(events: Sequence[Event]) -> list[JsonValue]:
    return [event.body["code"] for event in events if event.kind == "call.refused"]


@pytest.mark.requirement("GATE-LABEL-01")
@pytest.mark.parametrize("tool", READING)
async def test_no_byte_of_experiment_data_reaches_an_external_model(exits: AsyncExitStack, tool: str) -> None:
    failing = ScriptedReply(mode="status", status=500, times=2)
    here = await place(exits, failing, calling(tool, READING[tool]))
    session = await here.sessions.open(ALICE, "", None)
    events = await here.ask(session.session_id)
    assert refusals(events) == ["trust_change_needed"]
    assert here.files.asked == []
    assert (len(here.outside.requests) >= 3, here.leaked) == (True, 0)


async def test_the_tools_that_can_bring_files_are_the_ones_that_are_tried() -> None:
    depending = {spec.name for spec in default_catalogue() if spec.confidentiality_of}
    assert depending - TELLING_OF_MEASURED_JOBS == set(READING)


@pytest.mark.requirement("GATE-LABEL-02")
@pytest.mark.parametrize("tool", ["list_files", "read_file", "remove_file", "run_command", "read_result"])
async def test_the_same_session_with_a_site_model_sees_it(exits: AsyncExitStack, tool: str) -> None:
    here = await place(exits, calling(tool, READING[tool]))
    session = await here.sessions.open(ALICE, "", None)
    await here.ask(session.session_id)
    await here.sessions.change(ALICE, session.session_id, {"model": "inside"})
    await here.ask(session.session_id)
    assert CANARY.encode() in bytes(here.inside.received)
    assert (await here.sessions.get(ALICE, session.session_id)).confidentiality is Confidentiality.EXPERIMENT
    assert here.leaked == 0


@pytest.mark.requirement("GATE-LABEL-03")
async def test_the_page_is_told_before_it_happens_and_is_offered_the_site_model(exits: AsyncExitStack) -> None:
    here = await place(exits, calling("read_file", READING["read_file"]))
    session = await here.sessions.open(ALICE, "", None)
    events = await here.ask(session.session_id)
    (told,) = [event for event in events if event.kind == "session.trust_change_needed"]
    assert told.body["offer"] == {"name": "inside", "trust": "site"}
    assert "experiment data" in str(told.body["message"])
    assert here.files.asked == []


@pytest.mark.requirement("GATE-LABEL-03")
async def test_a_session_that_has_read_experiment_data_can_not_go_back_to_an_external_model(
    exits: AsyncExitStack,
) -> None:
    here = await place(exits, calling("read_file", READING["read_file"]))
    session = await here.sessions.open(ALICE, "", None)
    await here.sessions.change(ALICE, session.session_id, {"model": "inside"})
    await here.ask(session.session_id)
    with pytest.raises(EgressRefused, match="nothing was sent"):
        await here.sessions.change(ALICE, session.session_id, {"model": "outside"})
    with pytest.raises(UnknownModel, match="there are outside, inside, offline guide"):
        await here.sessions.change(ALICE, session.session_id, {"model": "elsewhere"})


@pytest.mark.requirement("GATE-LABEL-01")
async def test_when_the_site_model_is_taken_away_the_conversation_is_not_sent_to_the_external_one(
    exits: AsyncExitStack,
) -> None:
    here = await place(exits, calling("read_file", READING["read_file"]))
    session = await here.sessions.open(ALICE, "", None)
    await here.sessions.change(ALICE, session.session_id, {"model": "inside"})
    await here.ask(session.session_id)
    await here.sessions.close()
    here.sessions = here.service([here.external])
    await here.sessions.recover()
    events = await here.ask(session.session_id, "and now?")
    (failed,) = [event for event in events if event.kind == "model.failed"]
    assert failed.body["code"] == "egress_refused"
    assert [event.body["offer"] for event in events if event.kind == "session.trust_change_needed"] == [
        {"name": "offline guide", "trust": "builtin"}
    ]
    assert (here.outside.requests, here.leaked) == ([], 0)


async def test_an_external_model_goes_on_seeing_what_is_scratch(exits: AsyncExitStack) -> None:
    here = await place(exits, calling("list_jobs", {}))
    session = await here.sessions.open(ALICE, "", None)
    await here.ask(session.session_id)
    assert "analysis.sh" in json.dumps(here.outside.requests[-1])


@pytest.mark.requirement("GATE-LABEL-01")
async def test_a_request_that_nobody_labelled_does_not_leave(exits: AsyncExitStack) -> None:
    here = await place(exits)
    with pytest.raises(EgressRefused):
        _ = [piece async for piece in here.external.stream(ModelRequest("", [UserTurn(CANARY)], []))]
    assert here.outside.requests == []


@pytest.mark.parametrize("trust", TrustClass)
def test_every_trust_class_has_a_clearance(trust: TrustClass) -> None:
    assert trust in CLEARANCE


@pytest.mark.requirement("GATE-LABEL-01")
def test_there_is_one_place_where_a_request_leaves_and_it_asks_first() -> None:
    sending = [(path, node) for path in _sources() for node in ast.walk(_tree(path)) if _sends(node)]
    assert [path.name for path, _ in sending] == ["openai_model.py"]
    methods = {node.name: node for node in ast.walk(_tree(sending[0][0])) if isinstance(node, ast.AsyncFunctionDef)}
    assert ast.unparse(methods["stream"].body[0]) == "check_egress(self.name, self.trust, request)"
    public = [name for name in methods if not name.startswith("_")]
    assert public == ["aclose", "stream"]


def _sources() -> list[Path]:
    root = Path(__file__).parents[2]
    return [path for package in PRODUCT for path in sorted((root / package).rglob("*.py"))]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _sends(node: ast.AST) -> Any:
    """A call of the client library's way to send a conversation, of any of its interfaces."""
    sent = ("completions.create", "completions.stream", "completions.parse", "responses.create", "embeddings.create")
    return isinstance(node, ast.Call) and any(f"{ast.unparse(node.func)}(".endswith(f"{one}(") for one in sent)
