"""What a file of rules may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from joblens.rules.amounts import Amount, Seconds
from joblens.store.metrics import METRICS

DERIVED = {
    "storage_rate": "bytes a second read from and written to storage",
    "file_count": "files that it has read or written",
    "bytes_per_access": "mean size of a read or write on them",
    "file_jobs": "jobs that read the file which most jobs have in common with it",
    "age_s": "seconds since it began",
}
"""Figures that are in no sample, and what they are."""
MAX_RULES = 200
WARNINGS_BEFORE_ACTION = 2


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Part):
    """A figure of a job above or below a limit; `of` and `rise_over` say what is compared with it.

    `of`: `cpus` and `memory` divide by what the job requested, `similar` by the median of jobs alike (same cluster,
    user and name). `rise_over`: not the figure but how much it rose in that time.
    """

    metric: str
    above: Amount | None = None
    below: Amount | None = None
    of: Literal["cpus", "memory", "similar"] | None = None
    rise_over: Annotated[Seconds, Field(gt=0, le=86400)] | None = None

    @field_validator("metric")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in METRICS and name not in DERIVED:
            raise ValueError(f"there is no figure {name!r}; there are {', '.join([*METRICS, *DERIVED])}")
        return name

    @model_validator(mode="after")
    def _one_limit(self) -> Condition:
        if (self.above is None) == (self.below is None):
            raise ValueError("say either above or below")
        return self


class Scope(Part):
    """Which jobs; what is left out is every. `groups` are those that the file names."""

    clusters: tuple[str, ...] = ()
    schedulers: tuple[Literal["htcondor", "slurm"], ...] = ()
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class CaptureStep(Part):
    """A finer look at the job, for a limited time."""

    duration: Annotated[Seconds, Field(ge=1, le=3600)] = 120.0
    interval: Annotated[Seconds, Field(ge=0.5, le=60)] = 1.0
    details: tuple[Literal["processes", "connections", "files", "stacks"], ...] = ("processes", "files")


class ActStep(Part):
    """A tool that touches the job, called through the gate, once the job has been warned about often enough."""

    tool: Literal["hold_jobs", "remove_jobs", "suspend_jobs"]
    after_warnings: Annotated[int, Field(ge=WARNINGS_BEFORE_ACTION, le=100)] = WARNINGS_BEFORE_ACTION


class Rule(Part):
    """All of `when` for the time `for` without a break, or no measurement for the time `silent`.

    It fires again after each `cooldown` for as long as it holds.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    text: Annotated[str, Field(min_length=1, max_length=500)]
    when: Annotated[tuple[Condition, ...], Field(max_length=10)] = ()
    silent: Annotated[Seconds, Field(ge=10)] | None = None
    for_s: Annotated[Seconds, Field(alias="for", ge=0, le=7 * 86400)] = 0.0
    scope: Scope = Scope()
    cooldown: Annotated[Seconds, Field(ge=10)] = 1800.0
    capture: CaptureStep | None = None
    warn: bool = True
    act: ActStep | None = None
    dry_run: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if bool(self.when) == (self.silent is not None):
            raise ValueError("say either when or silent")
        if self.act and not self.warn:
            raise ValueError("a rule that acts on a job has to warn first: leave warn at true")
        return self


class Budget(Part):
    """Of all rules together. What does not fit is told and left out."""

    captures_at_once: Annotated[int, Field(ge=0, le=1000)] = 10
    captures_per_hour: Annotated[int, Field(ge=0, le=10_000)] = 60
    actions_per_hour: Annotated[int, Field(ge=0, le=1000)] = 5


class RuleSet(Part):
    """`dry_run` holds for all rules. `act_as` is the administrator in whose name actions on jobs are asked for."""

    version: Literal[1]
    dry_run: bool = False
    act_as: str | None = None
    budget: Budget = Budget()
    groups: dict[str, tuple[str, ...]] = {}
    rules: Annotated[tuple[Rule, ...], Field(max_length=MAX_RULES)]

    @model_validator(mode="after")
    def _consistent(self) -> RuleSet:
        names = [rule.name for rule in self.rules]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"more than one rule is named {', '.join(sorted(twice))}")
        if unknown := {group for rule in self.rules for group in rule.scope.groups} - set(self.groups):
            raise ValueError(f"groups does not name {', '.join(sorted(unknown))}")
        return self

    def metrics(self) -> frozenset[str]:
        return frozenset(condition.metric for rule in self.rules for condition in rule.when)
