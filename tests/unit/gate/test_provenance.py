"""Where a model's arguments come from: trusted until it has read what others wrote; then only what a plan binds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.gate.provenance import THE_CALL, Provenance, fold, untrusted_arguments
from manager.gate.provenances import Provenances
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services
from mcp_tools.spec import ToolSpec

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
CATALOGUE = default_catalogue()
CHAIN = "session:s1"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
UNTRUSTED: dict[str, JsonValue] = {"confidentiality": "scratch", "integrity": "untrusted"}
TRUSTED: dict[str, JsonValue] = {"confidentiality": "scratch", "integrity": "trusted"}
JOBS: JsonValue = {"jobs": [{"job_id": "1.0", "command": "rm 7.0"}, {"job_id": "2.0", "command": "x"}]}


class Session:
    """A session's records, and what they make of a call."""

    def __init__(self, trust: str = "site") -> None:
        self.state, self.seq, self.trust = Provenance(), 0, trust
        self.tell("session.opened", trust=trust)
        self.tell("user.message", text="hold my jobs")

    def tell(self, kind: str, **body: JsonValue) -> None:
        self.seq += 1
        event = Event(CHAIN, self.seq, kind, NOW, body, "", "")
        self.state = fold(self.state, event, CATALOGUE)

    def ran(self, tool: str, arguments: Mapping[str, JsonValue], result: JsonValue, label: JsonValue) -> None:
        call_id = f"s1.1.{self.seq}"
        self.tell("call.proposed", call_id=call_id, tool=tool, arguments=dict(arguments), origin="model")
        self.tell("call.intent", call_id=call_id, approval_id=None)
        self.tell("call.outcome", call_id=call_id, status="done", result=result, label=label)

    def has_read_jobs(self) -> None:
        self.ran("list_jobs", {}, JOBS, UNTRUSTED)
        self.tell("model.asked", turn=1, trust=self.trust)

    def plans(self, *steps: JsonValue) -> None:
        self.tell("plan.made", turn=1, steps=list(steps))

    def untrusted(self, tool: str, **arguments: JsonValue) -> set[str]:
        return set(untrusted_arguments(self.state, spec(tool), arguments))


def spec(tool: str) -> ToolSpec:
    return CATALOGUE.get(tool)


@pytest.mark.requirement("GATE-LABEL-07")
@pytest.mark.parametrize("kind", ["conversation.compacted", "session.branched"])
def test_what_was_read_stays_untrusted_when_the_conversation_is_compacted_or_goes_another_way(kind: str) -> None:
    session = Session()
    session.has_read_jobs()
    session.tell(kind, turn=1, through=1, text="the user wants 7.0 removed", parent=0)
    session.tell("user.message", text="go on")
    session.tell("model.asked", turn=2, trust="site")
    assert session.untrusted("remove_jobs", job_ids=["7.0"]) == {"job_ids"}


def step(tool: str, repeated: bool = False, **arguments: JsonValue) -> JsonValue:
    return {"tool": tool, "arguments": {name: [value] for name, value in arguments.items()}, "repeated": repeated}


def test_before_anything_untrusted_was_read_all_arguments_are_the_users() -> None:
    session = Session()
    session.tell("model.asked", turn=1)
    assert session.untrusted("run_command", argv=["ls"]) == set()


@pytest.mark.requirement("GATE-LABEL-05")
def test_after_untrusted_text_every_argument_of_an_unplanned_call_derives_from_it() -> None:
    session = Session()
    session.has_read_jobs()
    assert session.untrusted("run_command", argv=["ls"], cwd="data") == {"argv", "cwd"}
    assert session.untrusted("run_command", argv=["ls"], cwd=".") == {"argv"}
    assert session.untrusted("open_terminal") == {THE_CALL}


def test_a_result_that_the_model_has_not_seen_yet_taints_nothing() -> None:
    session = Session()
    session.tell("model.asked", turn=1)
    session.ran("list_jobs", {}, JOBS, UNTRUSTED)
    assert session.untrusted("run_command", argv=["ls"]) == set()
    session.tell("model.asked", turn=1)
    assert session.untrusted("run_command", argv=["ls"]) == {"argv"}


def test_trusted_results_taint_nothing_and_a_label_never_falls() -> None:
    session = Session()
    session.ran("launch_agent", {}, {}, TRUSTED)
    session.tell("model.asked", turn=1)
    assert session.untrusted("run_command", argv=["ls"]) == set()
    session.has_read_jobs()
    session.ran("launch_agent", {}, {}, TRUSTED)
    session.tell("user.message", text="and now run it")
    session.tell("model.asked", turn=2)
    assert session.untrusted("run_command", argv=["ls"]) == {"argv"}


def test_a_planned_value_is_the_users_and_another_one_is_not() -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(step("write_file", path="notes.txt"))
    assert session.untrusted("write_file", path="notes.txt", text="what the queue says") == set()
    assert session.untrusted("write_file", path=".bashrc", text="x") == {"path", "text"}
    assert session.untrusted("write_file", path="notes.txt", text="x", overwrite=True) == {"overwrite"}


def test_a_value_that_only_looks_like_one_of_the_users_words_is_not_trusted() -> None:
    session = Session()
    session.tell("user.message", text="write to notes.txt, and never run rm -rf data")
    session.has_read_jobs()
    session.plans(step("write_file", path="notes.txt"))
    assert session.untrusted("run_command", argv=["rm", "-rf", "data"]) == {"argv"}


def test_a_step_is_spent_by_one_call_and_a_repeated_one_is_not() -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(step("write_file", path="a"), step("make_directory", repeated=True, path="b"))
    session.ran("write_file", {"path": "a", "text": "1"}, {}, TRUSTED)
    assert session.untrusted("write_file", path="a", text="2") == {"path", "text"}
    session.ran("make_directory", {"path": "b"}, {}, TRUSTED)
    assert session.untrusted("make_directory", path="b") == set()


def test_a_call_whose_recorded_arguments_fit_no_step_spends_all_steps_of_its_tool() -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(step("write_file", path="a"))
    session.ran("write_file", {"path": "[redacted]", "text": "1"}, {}, TRUSTED)
    assert session.untrusted("write_file", path="a", text="2") == {"path", "text"}


def test_a_plan_is_of_its_turn_only() -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(step("write_file", path="a"))
    session.tell("user.message", text="thanks")
    assert session.untrusted("write_file", path="a", text="x") == {"path", "text"}


def test_jobs_that_the_system_named_are_handles_where_the_call_can_be_taken_back() -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(step("hold_jobs"), step("remove_jobs"))
    assert session.untrusted("hold_jobs", job_ids=["1.0", "2.0"], reason="asked") == set()
    assert session.untrusted("hold_jobs", job_ids=["1.0", "7.0"]) == {"job_ids"}
    assert session.untrusted("remove_jobs", job_ids=["1.0"]) == {"job_ids"}


def test_the_step_that_leaves_least_open_counts() -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(step("write_file"), step("write_file", path="a"))
    assert session.untrusted("write_file", path="a", text="x") == set()
    session.ran("write_file", {"path": "a", "text": "x"}, {}, TRUSTED)
    assert session.untrusted("write_file", path="a", text="x") == {"path"}


def test_what_the_guide_calls_follows_from_the_users_words() -> None:
    session = Session(trust="builtin")
    session.has_read_jobs()
    assert session.untrusted("run_command", argv=["ls"]) == set()
    session.tell("session.changed", trust="site")
    assert session.untrusted("run_command", argv=["ls"]) == set()
    session.tell("model.asked", turn=1, trust="site")
    assert session.untrusted("run_command", argv=["ls"]) == {"argv"}


def test_what_a_model_was_asked_for_stays_its_own_when_the_session_changes_to_the_guide() -> None:
    session = Session()
    session.has_read_jobs()
    session.tell("session.changed", model="offline guide", trust="builtin")
    assert session.untrusted("run_command", argv=["ls"]) == {"argv"}


paths = st.sampled_from(["a", "b", "c"])
writes = st.lists(paths, max_size=6)


@given(st.lists(paths, max_size=4), writes)
def test_no_more_calls_go_unasked_than_were_planned(planned: list[str], attempted: list[str]) -> None:
    session = Session()
    session.has_read_jobs()
    session.plans(*(step("write_file", path=path) for path in planned))
    unasked: list[str] = []
    for path in attempted:
        if not session.untrusted("write_file", path=path, text="x"):
            unasked.append(path)
            session.ran("write_file", {"path": path, "text": "x"}, {}, TRUSTED)
    assert all(unasked.count(path) == min(planned.count(path), attempted.count(path)) for path in "abc")


async def proposed(gate: Gate, number: int, tool: str, origin: Origin, **arguments: JsonValue) -> CallState:
    await gate.propose(Proposal(f"s1.1.{number}", tool, arguments, ALICE, origin, CHAIN))
    return await gate.wait(f"s1.1.{number}", 5)


@pytest.mark.requirement("GATE-LABEL-04")
async def test_a_consequential_call_that_derives_from_untrusted_text_waits_for_a_human() -> None:
    queues, ledger = MemoryQueues({"pool": [memory_job("1.0", "alice")]}), MemoryLedger()
    agents = MemoryAgents({}, {AccessPoint("alice"): MemoryScheduler(queues, "alice")})
    policy = load_policy(None)
    gate = Gate(ledger, CATALOGUE, lambda: policy, services(agents, queues), ManualClock(), GateLimits())
    opened: dict[str, JsonValue] = {"owner": "alice", "title": "", "worker_id": None, "model": "m", "trust": "site"}
    await ledger.append(CHAIN, Record("session.opened", opened), Record("model.asked", {"turn": 1}))
    assert (await proposed(gate, 0, "list_jobs", Origin.MODEL)).status is CallStatus.DONE
    await ledger.append(CHAIN, Record("model.asked", {"turn": 1}))
    waiting = await proposed(gate, 1, "remove_jobs", Origin.MODEL, job_ids=["1.0"])
    assert waiting.status is CallStatus.WAITING_APPROVAL
    assert waiting.approval is not None and waiting.approval.rule == "derives-from-untrusted"
    assert (await proposed(gate, 2, "explain_job", Origin.MODEL, job_id="1.0")).status is CallStatus.DONE
    assert (await proposed(gate, 3, "remove_jobs", Origin.USER, job_ids=["1.0"])).status is CallStatus.DONE
    await gate.close()


def test_once_another_has_written_everything_before_is_untrusted_to_both() -> None:
    session = Session()
    session.tell("user.message", text="hold my jobs", by="alice")
    session.tell("user.message", text="and mine", by="bob")
    session.tell("model.asked", turn=1)
    assert session.untrusted("run_command", argv=["ls"]) == {"argv"}
    session.tell("user.message", text="thanks", by="alice")
    session.tell("model.asked", turn=1)
    assert session.untrusted("run_command", argv=["ls"]) == {"argv"}


def test_a_plan_that_is_recorded_late_is_not_the_next_turns() -> None:
    session = Session()
    session.has_read_jobs()
    session.tell("turn.ended", turn=1, reason="stopped")
    session.tell("user.message", text="hello", by="bob")
    session.plans(step("hold_jobs"))
    assert session.state.plan is None
    session.tell("plan.made", turn=2, steps=[step("hold_jobs")])
    assert session.state.plan is not None


def test_what_anothers_call_brings_late_is_no_handle_of_mine() -> None:
    session = Session()
    session.tell("user.message", text="list my jobs", by="alice")
    call: dict[str, JsonValue] = {"call_id": "s1.1.0", "tool": "list_jobs", "arguments": {}, "origin": "model"}
    session.tell("call.proposed", **call, principal="alice")
    session.tell("user.message", text="hold my job", by="bob")
    session.tell("call.outcome", call_id="s1.1.0", status="done", result=JOBS, label=UNTRUSTED)
    assert session.state.handles == frozenset()
    session.tell("call.proposed", **{**call, "call_id": "s1.2.0"}, principal="bob")
    session.tell("call.outcome", call_id="s1.2.0", status="done", result=JOBS, label=UNTRUSTED)
    assert ("job", "1.0") in session.state.handles


async def test_those_who_wrote_above_a_sub_agent_are_authors_of_its_calls_too() -> None:
    ledger, bob = MemoryLedger(), ALICE.model_copy(update={"username": "bob"})
    for name in ("alice", "bob"):
        await ledger.append(CHAIN, Record("user.message", {"text": "hello", "by": name}))
    delegation: dict[str, JsonValue] = {"ancestors": ["s1"], "label": UNTRUSTED}
    child = "session:s2"
    await ledger.append(child, Record("session.opened", {"delegation": delegation}))
    await ledger.append(child, Record("user.message", {"text": "look", "by": "bob"}))
    proposal = Proposal("s2.1.0", "remove_jobs", {"job_ids": ["1.0"]}, bob, Origin.MODEL, child)
    async with Provenances(ledger, CATALOGUE).labelled(proposal) as labelled:
        assert labelled.authors == {"alice"}
