"""Sub-agents as tools and routes meet them: who may get one, its work until it has ended, and what it handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jsonschema import Draft202012Validator
from pydantic import JsonValue

from audit.chains import session_chain
from ink_core.errors import BadInput, Forbidden, InkError
from ink_core.labels import Label, most_confidential
from manager.agent.choice import ModelChoice
from manager.agent.egress import may_see
from manager.sessions.view import SessionView
from manager.subagents.children import AtWork, Child, ChildParts, Children
from manager.subagents.errand import Ending, ErrandFailed
from manager.subagents.library import ProfileLibrary
from manager.subagents.running import ErrandRun, RunningParts
from manager.subagents.sessions import ChildSessions
from mcp_tools.subagents_port import Finished, Goal, NotASubAgent, Outlook

MOST_COMPLAINTS = 5
COMPLAINT_CHARACTERS = 200


class ResultWithheld(Forbidden):
    """What the sub-agent found is more confidential than its parent's model may see."""

    code = "result_withheld"


class UnfitResult(BadInput):
    code = "unfit_result"


@dataclass(frozen=True)
class _Parts:
    children: Children
    running: RunningParts
    models: ModelChoice


class SubAgentDesk:
    """Implements the tools' `SubAgents`. `begin` gives it the parts that are made after the tools' services."""

    def __init__(self, library: ProfileLibrary) -> None:
        self.library = library
        self._begun: _Parts | None = None
        self._at_work: dict[str, str] = {}
        self._unwatched: set[str] = set()

    def begin(self, parts: ChildParts, running: RunningParts) -> None:
        self._begun = _Parts(Children(self.library, parts, running), running, parts.models)

    @property
    def _parts(self) -> _Parts:
        assert self._begun is not None, "nothing is delegated before the platform is built"
        return self._begun

    @property
    def sessions(self) -> ChildSessions:
        return self._running.sessions

    @property
    def _running(self) -> RunningParts:
        return self._parts.running

    # -- the tools' port -----------------------------------------------------------------------------------------------

    async def look(self, goal: Goal) -> Outlook:
        return await self._parts.children.outlook(goal, dict(self._at_work))

    async def work(self, goal: Goal, call_id: str, operation_id: str) -> Finished:
        session_id = child_id(operation_id)
        before = dict(self._at_work)
        self._at_work[session_id] = goal.parent
        try:
            child = await self._child(goal, call_id, session_id, before)
            ending = await ErrandRun(child, self._running).run()
        except BaseException:
            self._unwatched.add(session_id)
            raise
        finally:
            del self._at_work[session_id]
        return await self._finished(goal, session_id, ending)

    async def label(self, parent: str, operation_id: str) -> Label:
        """Where a result is withheld the parent learns that, and nothing more confidential than it may see."""
        session_id = child_id(operation_id)
        seen = (await self._running.gate.provenances.of(session_chain(session_id))).seen
        if not await self._running.sessions.exists(session_id):
            return seen
        child, above = await self._running.sessions.view(session_id), await self._running.sessions.view(parent)
        if self._is_withheld(child, above):
            return Label(above.confidentiality, seen.integrity)
        return Label(most_confidential((child.confidentiality, seen.confidentiality)), seen.integrity)

    async def hand_in(self, session_id: str, result: Mapping[str, JsonValue]) -> None:
        view = await self._running.sessions.view(session_id)
        if view.delegation is None:
            raise NotASubAgent("only a sub-agent hands in a result; answer the user instead")
        if complaints := _complaints(view.delegation.result, result):
            raise UnfitResult(f"the result does not keep to its form: {'; '.join(complaints)}")

    # -- housekeeping --------------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """After sessions and calls: what nobody waits for has no reason to go on."""
        for view in await self._running.sessions.going_on():
            assert view.delegation is not None, "a child's session"
            if not self._running.gate.is_open(view.delegation.call_id):
                self._unwatched.add(view.session_id)
        await self.end_unwatched()

    async def end_unwatched(self) -> None:
        """End the children whose call ended without them: it was given up, or a record could not be written."""
        for session_id in tuple(self._unwatched - self._at_work.keys()):
            if await self._running.sessions.exists(session_id):
                await self._wind_up(await self._running.sessions.view(session_id))
            self._unwatched.discard(session_id)

    # -- inside --------------------------------------------------------------------------------------------------------

    async def _wind_up(self, view: SessionView) -> None:
        """With its worker, in the name of whose call it worked for; without it where that is not known any more."""
        assert view.delegation is not None, "a child's session"
        children, running = self._parts.children, self._running
        await running.sessions.end(view.session_id, "nobody waits for its result any more")
        await running.gate.chains.stop_background(view.chain)
        if view.delegation.own_worker and running.gate.book.knows(view.delegation.call_id):
            principal = running.gate.book.get(view.delegation.call_id).principal
            goal = Goal(view.delegation.parent, principal, view.delegation.profile, view.title)
            await ErrandRun(children.again(goal, view), running).run()

    async def _child(self, goal: Goal, call_id: str, session_id: str, before: AtWork) -> Child:
        children, running = self._parts.children, self._running
        if await running.sessions.exists(session_id):
            return children.again(goal, await running.sessions.view(session_id))
        return await children.made(goal, call_id, session_id, before)

    async def _finished(self, goal: Goal, session_id: str, ending: Ending) -> Finished:
        if not await self._running.sessions.exists(session_id):
            raise _failed(session_id, ending.message, ending.code)
        sessions = self._running.sessions
        child, parent = await sessions.view(session_id), await sessions.view(goal.parent)
        withheld = self._is_withheld(child, parent)
        if ending.result is None:
            raise _failed(session_id, "its session tells why" if withheld else ending.message, ending.code)
        await self._running.remember(child, ending.result)
        if withheld:
            raise ResultWithheld(
                f"the sub-agent is done, and what it found is {child.confidentiality.value} data, which the model "
                f"of this session may not see; the user reads it in session {session_id}, or goes on with a model "
                "of the site"
            )
        return Finished(session_id, goal.profile, ending.result)

    def _is_withheld(self, child: SessionView, parent: SessionView) -> bool:
        model = self._parts.models.of_session(parent.model_asked)
        return not may_see(model.trust, child.confidentiality)


def child_id(operation_id: str) -> str:
    """Follows from the operation, so that a call which is taken up again is about the same child."""
    return f"s{hashlib.sha256(operation_id.encode()).hexdigest()[:16]}"


def _failed(session_id: str, why: str, code: str) -> InkError:
    error = ErrandFailed(f"the sub-agent {session_id} has no result: {why}")
    error.code = code
    return error


def _complaints(schema: Mapping[str, JsonValue], result: Mapping[str, JsonValue]) -> Sequence[str]:
    found = cast("Any", Draft202012Validator(dict(schema))).iter_errors(dict(result))
    errors = sorted(found, key=lambda error: error.json_path)
    return [f"{error.json_path}: {error.message[:COMPLAINT_CHARACTERS]}" for error in errors[:MOST_COMPLAINTS]]
