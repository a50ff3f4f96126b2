"""From a goal to the child that works on it: whether there may be one, and what it is given of its parent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from audit.chains import session_chain
from ink_core.errors import Conflict
from ink_core.labels import Label, most_confidential
from manager.agent.choice import ModelChoice
from manager.agent.model import ChatModel, TrustClass
from manager.budgets.desk import BudgetDesk
from manager.sessions.delegation import Delegation
from manager.sessions.turns import opened_record
from manager.sessions.view import SessionView
from manager.subagents.briefing import prompt
from manager.subagents.library import ProfileLibrary
from manager.subagents.profile import Profile
from manager.subagents.rights import check_caps, granted, limits, narrowed
from manager.subagents.running import Child, RunningParts
from mcp_tools.catalogue import Catalogue
from mcp_tools.subagents_port import Goal, Outlook
from skills.library import SkillLibrary

TITLE_CHARACTERS = 200
AtWork = Mapping[str, str]
"""Parents of the children that are being worked with, opened already or not, by child."""


class NoModelForSubAgents(Conflict):
    code = "no_model_for_sub_agents"


@dataclass(frozen=True)
class ChildParts:
    models: ModelChoice
    catalogue: Catalogue
    skills: SkillLibrary
    default_cluster: str
    budgets: BudgetDesk | None = None


class Children:
    def __init__(self, library: ProfileLibrary, parts: ChildParts, running: RunningParts) -> None:
        self._library = library
        self._parts = parts
        self._running = running

    async def outlook(self, goal: Goal, at_work: AtWork) -> Outlook:
        """Raises `UnknownProfile`, `TooManySubAgents`, `NoModelForSubAgents`."""
        parent, profile = await self._asked(goal, at_work)
        return Outlook(
            profile.name,
            tuple(sorted(self._tools(parent, goal, profile))),
            tuple(sorted(scope.value for scope in goal.principal.scopes & profile.scopes)),
            profile.tokens,
            profile.minutes,
            profile.worker == "own",
        )

    async def made(self, goal: Goal, call_id: str, session_id: str, at_work: AtWork) -> Child:
        """A new one with its budget; `at_work` are those that came before it. Raises as `outlook` does."""
        parent, profile = await self._asked(goal, at_work)
        delegation = await self._delegation(goal, call_id, parent, profile)
        if (budgets := self._parts.budgets) is not None:
            spender = await budgets.spender(goal.principal.username, parent.task_id, parent.chain)
            most = limits(await budgets.left(spender), profile)
            await budgets.raise_session(goal.principal.username, session_id, most)
        return self._child(goal, session_id, delegation, parent, self._model(parent, profile))

    def again(self, goal: Goal, known: SessionView) -> Child:
        """One whose session is open, as it was opened."""
        assert known.delegation is not None, "the session of a sub-agent"
        return self._child(goal, known.session_id, known.delegation, known, self._parts.models.of_session(known.model))

    def _child(
        self, goal: Goal, session_id: str, delegation: Delegation, place: SessionView, model: ChatModel
    ) -> Child:
        worker_id = None if delegation.own_worker else place.worker_of(goal.principal.username)
        title = " ".join(goal.text.split())[:TITLE_CHARACTERS]
        owner = goal.principal
        return Child(
            session_id=session_id,
            parent=goal.parent,
            call_id=delegation.call_id,
            profile=delegation.profile,
            principal=narrowed(owner, delegation.scopes),
            owner=owner,
            path=delegation.path,
            goal=goal.text,
            opened=opened_record(owner, title, worker_id, model, place.task_id, delegation),
            worker_id=worker_id,
            cluster=self._parts.default_cluster,
            own_worker=delegation.own_worker,
            minutes=delegation.minutes,
        )

    async def _asked(self, goal: Goal, at_work: AtWork) -> tuple[SessionView, Profile]:
        """The parent, of a task only where that one's members may see it: a child is shown to nobody else."""
        shelf = await asyncio.to_thread(self._library.shelf)
        profile, parent = shelf.get(goal.profile), await self._running.sessions.view(goal.parent)
        siblings = sum(above == goal.parent for above in at_work.values())
        check_caps(_depth(parent) + 1, siblings, len(self._tree(parent, at_work)))
        self._model(parent, profile)
        return replace(parent, task_id=self._running.sessions.task(parent)), profile

    def _tree(self, view: SessionView, at_work: AtWork) -> frozenset[str]:
        """All children below its root, those too that are about to be opened."""
        root = view.agents[0]
        known = frozenset(self._running.sessions.below(root))
        return known | {child for child, above in at_work.items() if above == root or above in known}

    def _tools(self, parent: SessionView, goal: Goal, profile: Profile) -> frozenset[str]:
        principal = narrowed(goal.principal, profile.scopes)
        offered = [spec.name for spec in self._parts.catalogue.offered(principal.scopes)]
        return granted(offered, parent.tools_granted, profile, _depth(parent) + 1)

    def _model(self, parent: SessionView, profile: Profile) -> ChatModel:
        """That of the parent's last question, or one inside."""
        models = self._parts.models
        model = models.of_session(parent.model_asked)
        if profile.model == "site" and model.trust is TrustClass.EXTERNAL and models.inside is not None:
            model = models.inside
        if model.trust is TrustClass.BUILTIN:
            raise NoModelForSubAgents("sub-agents need a language model, and the built-in guide is none")
        return model

    async def _delegation(self, goal: Goal, call_id: str, parent: SessionView, profile: Profile) -> Delegation:
        above = parent.delegation.ancestors if parent.delegation else ()
        shelf = await asyncio.to_thread(self._parts.skills.shelf)
        return Delegation(
            call_id=call_id,
            profile=profile.name,
            tools=self._tools(parent, goal, profile),
            ancestors=(*above, parent.session_id),
            scopes=goal.principal.scopes & profile.scopes,
            minutes=profile.minutes,
            own_worker=profile.worker == "own",
            prompt=prompt(profile, [skill for skill in shelf.skills if skill.name in profile.skills]),
            result=profile.result,
            label=await self._label_of_goal(parent),
        )

    async def _label_of_goal(self, parent: SessionView) -> Label:
        """What the parent's model saw when it wrote it."""
        asked = (await self._running.gate.provenances.of(session_chain(parent.session_id))).asked
        return Label(most_confidential((parent.confidentiality, asked.confidentiality)), asked.integrity)


def _depth(view: SessionView) -> int:
    return view.delegation.depth if view.delegation else 0
