"""The rules of JobLens for administrators: which there are, whether a text is valid, and what it would have done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from joblens.api.parts import JobLensOff
from joblens.query.lens import Lens
from joblens.rules.backtest import backtest
from joblens.rules.events import Act, Instruction, LeftOut, StartCapture, Warn
from joblens.rules.rule_set import Rule, RuleSet
from joblens.store.trace_store import JobQuery
from manager.api.platform import Parts, Platform
from manager.joblens.rule_book import RuleBook
from manager.joblens.rules_file import RulesInvalid, parse_rules
from mcp_tools.switches_port import Switched, SwitchKind, SwitchState

router = Area(prefix="/api/v1/admin/rules", tags=["administration"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]
MAX_TEXT = 64 * 1024
MOST_JOBS = 500
MOST_SHOWN = 100
WRITTEN = "rules"


class RuleText(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=MAX_TEXT)


class RuleTrial(RuleText):
    days: float = Field(default=7, gt=0, le=3660, description="Jobs of so many days.")
    jobs: int = Field(default=100, ge=1, le=MOST_JOBS, description="The newest so many.")


class ManagedRule(BaseModel):
    """`written` is the rule as the file has it; `state` what it does now, and `switched` who set it so, if anybody."""

    name: str
    text: str
    state: SwitchState
    switched: Switched | None
    steps: list[str]
    written: JsonValue


class ManagedRules(BaseModel):
    """`dry_run` holds for all. `act_as` is the administrator in whose name jobs are acted on; null: on none."""

    source: str
    file_text: str
    dry_run: bool
    act_as: str | None
    rules: Sequence[ManagedRule]


class RuleCheck(BaseModel):
    """`problems` have a line and a column each; there are none where the text is valid."""

    rules: int
    problems: Sequence[str]


class WouldHave(BaseModel):
    """`step`: capture, warn, act, or left_out where the budget had no room."""

    cluster: str
    job: str
    rule: str
    step: str
    time: float
    evidence: dict[str, float]


class Backtested(BaseModel):
    """`more`: there are more jobs of that time. `first` are the first instructions of all."""

    jobs: int
    more: bool
    captures: int
    warnings: int
    actions: int
    left_out: int
    fired: dict[str, int]
    first: Sequence[WouldHave]


@router.get("")
async def list_rules(principal: Admin, platform: Parts) -> ManagedRules:
    """As they are in force. The file is changed in the settings' place and read at the next start."""
    book, _ = _parts(platform)
    switched = book.switches.of(SwitchKind.LENS_RULE)
    written = book.written
    rules = [_shown(rule, book.state(rule), switched.get(rule.name)) for rule in written.rules]
    return ManagedRules(
        source=book.source, file_text=book.text, dry_run=written.dry_run, act_as=written.act_as, rules=rules
    )


@router.post("/check")
async def check_rules(asked: RuleText, principal: Admin) -> RuleCheck:
    """Whether a text is a file of rules, and where it is not. Nothing changes."""
    try:
        rules = await asyncio.to_thread(parse_rules, asked.text, WRITTEN)
    except RulesInvalid as error:
        return RuleCheck(rules=0, problems=str(error).splitlines())
    return RuleCheck(rules=len(rules.rules), problems=[])


@router.post("/backtest")
async def backtest_rules(asked: RuleTrial, principal: Admin, platform: Parts) -> Backtested:
    """What the text would have done on the jobs that the store holds. Nothing is done."""
    _, lens = _parts(platform)
    rules = await asyncio.to_thread(parse_rules, asked.text, WRITTEN)
    return await _tried(lens, rules, asked)


async def _tried(lens: Lens, rules: RuleSet, asked: RuleTrial) -> Backtested:
    since = (lens.clock.now() - timedelta(days=asked.days)).timestamp()
    query = JobQuery(since=since)
    found = await lens.store.ask(
        lambda store: backtest(store, rules, query, max_jobs=asked.jobs, deadline_s=lens.store.deadline_s)
    )
    return Backtested(
        jobs=found.jobs,
        more=found.more,
        captures=found.count(StartCapture),
        warnings=found.count(Warn),
        actions=found.count(Act),
        left_out=found.count(LeftOut),
        fired=dict(found.fired().most_common()),
        first=[_would_have(each) for each in found.instructions[:MOST_SHOWN]],
    )


def _parts(platform: Platform) -> tuple[RuleBook, Lens]:
    """Raises `JobLensOff`."""
    if platform.rules is None or platform.lens is None:
        raise JobLensOff("JobLens is switched off in the settings, so there are no rules")
    return platform.rules, platform.lens


def _shown(rule: Rule, state: SwitchState, switched: Switched | None) -> ManagedRule:
    acts = [rule.act.tool] if rule.act else []
    steps = ["capture"] * bool(rule.capture) + ["warn"] * rule.warn + acts
    written: dict[str, Any] = rule.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return ManagedRule(name=rule.name, text=rule.text, state=state, switched=switched, steps=steps, written=written)


_STEPS: dict[type[Instruction], str] = {StartCapture: "capture", Warn: "warn", Act: "act", LeftOut: "left_out"}


def _would_have(told: Instruction) -> WouldHave:
    fired = told.fired
    return WouldHave(
        cluster=fired.key.cluster,
        job=fired.key.job,
        rule=fired.rule,
        step=_STEPS[type(told)],
        time=fired.time,
        evidence=dict(fired.evidence),
    )
