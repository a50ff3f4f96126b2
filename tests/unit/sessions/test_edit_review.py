"""Review of edits: what the agent would change in files waits for its user, and nothing else does."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from audit.chains import session_chain
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.errors import NotFound
from manager.gate.admission import Proposal
from manager.gate.approvals.errors import ApprovalVoid
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.sessions.delegation import Delegation
from manager.sessions.switching import switch_edit_review
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, services
from tests.unit.sessions.setting import ADMIN, ALICE, BOB, Setting

pytestmark = pytest.mark.requirement("WEB-EDITOR-02")
NEW = {"path": "notes.txt", "text": "new\n", "overwrite": True}


class Reviewed:
    """A session under review, and a gate on its ledger over a home that holds one file of this digest."""

    def __init__(self) -> None:
        self.setting, self.digest = Setting(), "0" * 64
        agents = MemoryAgents({AccessPoint("alice"): self._answer}, {})
        policy, around = load_policy(None), services(agents, MemoryQueues({"pool": []}))
        limits = GateLimits()
        self.make_gate = lambda: Gate(
            self.setting.ledger, default_catalogue(), lambda: policy, around, ManualClock(), limits
        )
        self.written: list[object] = []

    async def _answer(self, method: str, arguments: object) -> JsonValue:
        if method == "files.digest":
            return {"path": "notes.txt", "sha256": self.digest, "size": 4, "entries": 0}
        if method == "files.read":
            return {"path": "notes.txt", "content": "b2xkCg==", "offset": 0, "size": 4, "eof": True, "sha256": "9" * 64}
        assert method == "files.write", method
        self.written.append(arguments)
        return {"path": "notes.txt", "size": 4, "sha256": "1" * 64}

    async def open(self, delegation: Delegation | None = None) -> str:
        self.service, self.gate = await self.setting.start(), self.make_gate()
        session = await self.service.open(ALICE, "", None, delegation=delegation)
        return session.session_id

    async def proposed(
        self,
        session_id: str,
        tool: str = "write_file",
        origin: Origin = Origin.MODEL,
        readers: frozenset[str] = frozenset(),
    ) -> CallState:
        arguments = NEW if tool == "write_file" else {"path": "notes.txt"}
        call_id = f"c-{len(self.written)}-{origin}-{tool}"
        chain = session_chain(session_id)
        await self.gate.propose(Proposal(call_id, tool, arguments, ALICE, origin, chain, readers=readers))
        return await self.gate.wait(call_id, 100)


async def test_an_edit_of_the_agent_waits_for_its_user_with_its_diff_and_is_made_once_approved() -> None:
    here = Reviewed()
    session_id = await here.open()
    assert (await here.proposed(session_id)).status is CallStatus.DONE
    assert (await switch_edit_review(here.service, ALICE, session_id, on=True)).edit_review
    state = await here.proposed(session_id)
    assert state.approval is not None
    assert (state.status, state.approval.rule, state.approval.approver) == (
        CallStatus.WAITING_APPROVAL,
        "edit-review",
        "requester",
    )
    assert state.approval.diff == "--- notes.txt\n+++ notes.txt\n@@ -1 +1 @@\n-old\n+new\n"
    await here.gate.desk.decide(state.approval.approval_id, ALICE, True, "", state.approval.digest)
    assert (await here.gate.wait(state.call_id, 100)).status is CallStatus.DONE
    assert len(here.written) == 2
    await here.gate.close()


async def test_who_reads_along_is_not_told_what_the_file_holds_that_its_user_is_asked_about() -> None:
    here = Reviewed()
    session_id = await here.open()
    await switch_edit_review(here.service, ALICE, session_id, on=True)
    state = await here.proposed(session_id, readers=frozenset({"bob"}))
    assert state.approval is not None
    assert (state.status, state.approval.diff) == (CallStatus.WAITING_APPROVAL, None)
    assert "old" not in str([dict(event.body) for event in await here.setting.ledger.read(session_chain(session_id))])
    await here.gate.close()


async def test_a_file_that_changed_since_the_diff_was_shown_is_not_written() -> None:
    here = Reviewed()
    session_id = await here.open()
    await switch_edit_review(here.service, ALICE, session_id, on=True)
    state = await here.proposed(session_id)
    assert state.approval is not None
    here.digest = "2" * 64
    with pytest.raises(ApprovalVoid):
        await here.gate.desk.decide(state.approval.approval_id, ALICE, True, "", state.approval.digest)
    assert here.written == []
    await here.gate.close()


async def test_what_its_user_writes_by_hand_and_what_the_agent_reads_does_not_wait() -> None:
    here = Reviewed()
    session_id = await here.open()
    await switch_edit_review(here.service, ALICE, session_id, on=True)
    assert (await here.proposed(session_id, origin=Origin.USER)).status is CallStatus.DONE
    assert (await here.proposed(session_id, "read_file")).status is not CallStatus.WAITING_APPROVAL
    await switch_edit_review(here.service, ALICE, session_id, on=False)
    assert (await here.proposed(session_id)).status is CallStatus.DONE
    await here.gate.close()


async def test_it_holds_for_sub_agents_and_over_a_restart_and_only_those_who_steer_switch_it() -> None:
    here = Reviewed()
    session_id = await here.open()
    await switch_edit_review(here.service, ALICE, session_id, on=True)
    for stranger in (BOB, ADMIN):
        with pytest.raises(NotFound):
            await switch_edit_review(here.service, stranger, session_id, on=False)
    again = Reviewed()
    again.setting.ledger = here.setting.ledger
    child = Delegation(call_id="c", profile="code-debug", tools=frozenset({"write_file"}), ancestors=(session_id,))
    below = await again.open(child)
    assert (await again.proposed(below)).status is CallStatus.WAITING_APPROVAL
    await here.gate.close()
    await again.gate.close()


async def test_who_takes_a_part_by_hand_rejects_the_agents_call_which_is_told_what_was_taken() -> None:
    here = Reviewed()
    session_id = await here.open()
    await switch_edit_review(here.service, ALICE, session_id, on=True)
    state = await here.proposed(session_id)
    assert state.approval is not None
    assert (await here.proposed(session_id, origin=Origin.USER)).status is CallStatus.DONE
    said = "The user made these changes by hand: notes.txt:1. Not taken: notes.txt:9."
    await here.gate.desk.decide(state.approval.approval_id, ALICE, False, said, state.approval.digest)
    ended = await here.gate.wait(state.call_id, 100)
    assert (ended.status, len(here.written)) == (CallStatus.REFUSED, 1)
    assert ended.error is not None and said in ended.error.message
    await here.gate.close()
