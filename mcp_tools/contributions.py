"""Adding to what the system knows, correcting a step of a session, and reviewing what others added."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from ink_core.labels import most_confidential
from knowledge_graph.contributions.contribution import (
    MAX_ABOUT,
    MAX_TEXT_BYTES,
    MAX_TITLE,
    Content,
    Contribution,
    ContributionKind,
    ReviewVerdict,
    Standing,
)
from knowledge_graph.contributions.desk import NewContribution
from knowledge_graph.contributions.shelf import Viewer
from knowledge_graph.facts import Scalar
from mcp_tools.context import ToolContext
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue

LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)
ID = "^[0-9a-f]{32}$"
CONTRIBUTED_KINDS = Literal["fact", "document", "runbook", "skill"]


class Said(ToolValue):
    """What every kind of contribution has."""

    title: str = Field(min_length=1, max_length=MAX_TITLE)
    text: str = Field(min_length=1, max_length=MAX_TEXT_BYTES, description="Markdown.")
    about: tuple[str, ...] = Field(
        default=(), max_length=MAX_ABOUT, description="What it is about, as KIND:NAME: node:wn042, group:atlas."
    )
    attribute: str = Field(default="", max_length=64, description="With value: of the one thing that a fact is about.")
    value: Scalar = ""

    @property
    def content(self) -> Content:
        return Content(self.title, self.text, self.about, self.attribute, self.value)


class ContributeKnowledge(Said):
    kind: CONTRIBUTED_KINDS
    confidentiality: Confidentiality = Field(
        default=Confidentiality.SCRATCH, description="Above scratch it is told to no external model."
    )
    promotes: str = Field(default="", pattern=f"{ID}|^$", description="The correction that it is made of.")


class AmendKnowledge(Said):
    contribution_id: str = Field(pattern=ID)


class CorrectStep(ToolValue):
    """The step is a call, by its id, or the reply of a turn."""

    session_id: str = Field(min_length=1, max_length=64)
    call_id: str = Field(default="", max_length=200)
    turn: int = Field(default=0, ge=0)
    wrong: str = Field(min_length=1, max_length=MAX_TITLE, description="What was wrong with it.")
    right: str = Field(min_length=1, max_length=10_000, description="What is right, and why.")
    share: bool = Field(default=False, description="Ask that everybody be told, once it is reviewed.")


class Remember(ToolValue):
    """For the next sessions of the same user. An agent's own session needs no name."""

    kind: Literal["finding", "decision"]
    session_id: str = Field(default="", max_length=64)
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    text: str = Field(min_length=1, max_length=10_000)
    about: tuple[str, ...] = Field(default=(), max_length=MAX_ABOUT, description="As KIND:NAME.")
    share: bool = False


class ReviewKnowledge(ToolValue):
    """`version` is the one that was read."""

    contribution_id: str = Field(pattern=ID)
    version: int = Field(ge=1)
    verdict: ReviewVerdict
    reason: str = Field(default="", max_length=2_000)


class WithdrawKnowledge(ToolValue):
    contribution_id: str = Field(pattern=ID)
    reason: str = Field(default="", max_length=2_000)


class Kept(ToolValue):
    contribution_id: str
    version: int
    standing: Standing


async def _contribute(context: ToolContext, asked: ContributeKnowledge) -> Kept:
    """What is made of a correction is as confidential as that, and of its members where one of them makes it."""
    step, members, confidentiality = None, frozenset[str](), asked.confidentiality
    if asked.promotes:
        correction = context.services.contributions.shelf.shown(asked.promotes, Viewer.of(context.principal))
        if correction.kind is not ContributionKind.CORRECTION:
            raise BadInput(f"{asked.promotes} is a {correction.kind.value}; a runbook is made of a correction")
        step, confidentiality = correction.step, most_confidential((confidentiality, correction.confidentiality))
        members = correction.members if context.principal.username in correction.circle else members
    new = NewContribution(
        id=id_of(context.operation_id),
        kind=ContributionKind(asked.kind),
        content=asked.content,
        confidentiality=confidentiality,
        members=members,
        step=step,
        promotes=asked.promotes,
    )
    return await _handed_in(context, new)


async def _correct(context: ToolContext, asked: CorrectStep) -> Kept:
    meant = await context.services.steps.find(
        context.principal, asked.session_id, call_id=asked.call_id, turn=asked.turn
    )
    new = NewContribution(
        id=id_of(context.operation_id),
        kind=ContributionKind.CORRECTION,
        content=Content(asked.wrong, asked.right),
        confidentiality=meant.confidentiality,
        share=asked.share,
        members=meant.members,
        step=meant.step,
    )
    return await _handed_in(context, new)


async def _remember(context: ToolContext, asked: Remember) -> Kept:
    session = await context.services.steps.find(context.principal, asked.session_id or _own_session(context))
    new = NewContribution(
        id=id_of(context.operation_id),
        kind=ContributionKind(asked.kind),
        content=Content(asked.title, asked.text, asked.about),
        confidentiality=session.confidentiality,
        share=asked.share,
        members=session.members,
        step=session.step,
        task_id=session.task_id,
    )
    return await _handed_in(context, new)


def _own_session(context: ToolContext) -> str:
    """The calls of a session's agent are named after it."""
    session_id, dot, _ = context.leave.call_id.partition(".") if context.leave else ("", "", "")
    if not dot:
        raise BadInput("remember: session_id: say of which session it is")
    return session_id


async def _handed_in(context: ToolContext, new: NewContribution) -> Kept:
    desk, author = context.services.contributions, context.principal.username
    return _kept(await desk.contribute(new, author=author, by_hand=context.by_hand))


async def _amend(context: ToolContext, asked: AmendKnowledge) -> Kept:
    desk = context.services.contributions
    return _kept(
        await desk.amend(asked.contribution_id, asked.content, Viewer.of(context.principal), by_hand=context.by_hand)
    )


async def _review(context: ToolContext, asked: ReviewKnowledge) -> Kept:
    desk, reviewer = context.services.contributions, context.principal.username
    return _kept(
        await desk.review(asked.contribution_id, asked.version, asked.verdict, reviewer=reviewer, reason=asked.reason)
    )


async def _withdraw(context: ToolContext, asked: WithdrawKnowledge) -> Kept:
    return _kept(
        await context.services.contributions.withdraw(asked.contribution_id, Viewer.of(context.principal), asked.reason)
    )


async def _preview_review(context: ToolContext, asked: ReviewKnowledge) -> Preview:
    found = context.services.contributions.shelf.get(asked.contribution_id, Viewer.of(context.principal))
    told = "Tell everybody" if asked.verdict is ReviewVerdict.ACCEPTED else "Reject"
    return Preview(summary=f"{told} the {found.kind.value} {found.latest.content.title!r} of {found.latest.author}")


def _kept(contribution: Contribution) -> Kept:
    latest = contribution.latest
    return Kept(contribution_id=contribution.id, version=latest.number, standing=latest.standing)


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="contribute_knowledge",
        title="Contribute knowledge",
        description="Add a fact, a document, a runbook or a skill to what the system knows; others are told of it once"
        " a reviewer has accepted it.",
        input=ContributeKnowledge,
        output=Kept,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        run=_contribute,
    ),
    ToolSpec(
        name="amend_knowledge",
        title="Amend a contribution",
        description="Write a new version of a contribution; the old one counts until the new one is accepted.",
        input=AmendKnowledge,
        output=Kept,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        run=_amend,
    ),
    ToolSpec(
        name="correct_step",
        title="Correct a step",
        description="Keep that a step of a session was wrong, and what is right, for the next like decision.",
        input=CorrectStep,
        output=Kept,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        run=_correct,
    ),
    ToolSpec(
        name="remember",
        title="Remember a finding",
        description="Keep a finding or a decision of this session for the next sessions of this user.",
        input=Remember,
        output=Kept,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=30,
        label=LABEL,
        run=_remember,
        content=frozenset({"title", "text", "about"}),
    ),
    ToolSpec(
        name="review_knowledge",
        title="Review a contribution",
        description="Accept a contribution, so that everybody is told, or reject it with a reason.",
        input=ReviewKnowledge,
        output=Kept,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.KNOWLEDGE_REVIEW}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        run=_review,
        preview=_preview_review,
    ),
    ToolSpec(
        name="withdraw_knowledge",
        title="Withdraw a contribution",
        description="Nobody is told of it any more.",
        input=WithdrawKnowledge,
        output=Kept,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        run=_withdraw,
    ),
)
