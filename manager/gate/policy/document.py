"""What a policy file holds: closed models, from which the published schema is made.

Limits: a policy sees names and numbers, not the world. Symbolic links, for instance, are the kernel's and the worker's
business.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, model_validator

from ink_core.identity.principal import Scope
from manager.gate.policy.argument_test import ArgumentTest, Glob
from manager.gate.policy.facts import Origin
from mcp_tools.spec import Confidentiality, Risk

_UNIT_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
MAX_RATE_S = 7 * 86_400.0
_DAY_TIME = r"([01]\d|2[0-3]):[0-5]\d"


class Effect(StrEnum):
    """`throttle` refuses for now and says when to try again."""

    ALLOW = "allow"
    ASK = "ask"
    THROTTLE = "throttle"
    DENY = "deny"


class Approver(StrEnum):
    """Whose approval an `ask` takes. `requester`: the one who asks may confirm it, and an administrator may too."""

    REQUESTER = "requester"
    ADMINISTRATOR = "administrator"


class Weekday(StrEnum):
    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Role(StrEnum):
    ADMIN = "admin"
    USER = "user"


class Measure(StrEnum):
    """What a rate counts: calls, things touched, jobs submitted, or the CPU-hours that those may use."""

    CALLS = "calls"
    TARGETS = "targets"
    JOBS = "jobs"
    CPU_HOURS = "cpu_hours"


def _seconds(value: object) -> object:
    """Seconds of `90s`, `10m`, `2h` or `1d`."""
    found = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", value) if isinstance(value, str) else None
    if found:
        return int(found[1]) * _UNIT_S[found[2]]
    if isinstance(value, float):
        return value
    raise ValueError("a duration is a number with s, m, h or d, for instance 10m")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {value!r} here; take a name like Asia/Shanghai or UTC") from None
    return value


def _risen(value: Risk) -> Risk:
    if value is Risk.FORBIDDEN:
        raise ValueError("a rule cannot make a call forbidden; give it the effect deny")
    return value


Duration = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rate(Closed):
    """Holds when, with this call, `of` the rule's tools would be more than `over` within the last `per`.

    Counted are calls that were let go, of the rule's tools, whatever else the rule asks.
    """

    over: FiniteFloat = Field(ge=0, description="How much may be, this call included.")
    per: Annotated[Duration, Field(le=MAX_RATE_S)] = Field(description="The window: `30s`, `10m`, `2h`, at most `7d`.")
    of: Measure = Field(Measure.CALLS, description="What is counted: calls, targets, jobs or cpu_hours.")
    by: Literal["user", "session"] = Field("user", description="Whose calls are counted together.")


class Condition(Closed):
    """All given fields must hold; a field that is absent says nothing. Lists are alternatives, but `scopes`."""

    tools: tuple[Glob, ...] | None = Field(None, description="Names of tools; `*` and `?` are wild.")
    risk: tuple[Risk, ...] | None = Field(None, description="The risk that the tool declares.")
    origin: tuple[Origin, ...] | None = Field(None, description="Who wrote the call.")
    users: tuple[Glob, ...] | None = Field(None, description="Who asks; `*` and `?` are wild.")
    groups: tuple[Name, ...] | None = Field(None, description="The user is in one of these groups of the policy.")
    roles: tuple[Role, ...] | None = Field(None, description="An administrator or not.")
    scopes: tuple[Scope, ...] | None = Field(None, description="The credential has all of these scopes.")
    tasks: tuple[Glob, ...] | None = Field(None, description="Task that the call belongs to.")
    sessions: tuple[Glob, ...] | None = Field(
        None, description="Conversation by its chain, for instance `session:…`, `portal:alice` or `mcp:*`."
    )
    clusters: tuple[Glob, ...] | None = Field(None, description="Cluster that the call is for.")
    others_property: bool | None = Field(None, description="Whether it touches what belongs to somebody else.")
    any_owner: tuple[Glob, ...] | None = Field(None, description="One of the owners of what is touched is among these.")
    all_owners: tuple[Glob, ...] | None = Field(None, description="There are owners, and all of them are among these.")
    targets_over: int | None = Field(None, ge=0, description="More things than this are touched.")
    jobs_over: int | None = Field(None, ge=0, description="More jobs than this are submitted.")
    cpu_hours_over: FiniteFloat | None = Field(None, ge=0, description="The jobs may use more CPU-hours than this.")
    confidentiality: tuple[Confidentiality, ...] | None = Field(
        None, description="The most confidential that the conversation has seen."
    )
    derives_from_untrusted: bool | None = Field(
        None, description="Whether an argument derives from text that nobody vouches for."
    )
    untrusted_arguments: tuple[Name, ...] | None = Field(
        None, description="One of these arguments derives from untrusted text."
    )
    shown_to_others: bool | None = Field(
        None, description="Whether others read the conversation, and it would bring what is the user's into it."
    )
    weekdays: tuple[Weekday, ...] | None = Field(None, description="The day, in the policy's time zone.")
    hours: Annotated[str, Field(pattern=f"^{_DAY_TIME}-{_DAY_TIME}$")] | None = Field(
        None, description="Time of day, from and until, in the policy's time zone; 22:00-06:00 passes midnight."
    )
    arguments: dict[Name, ArgumentTest] | None = Field(None, description="Tests of the final arguments, by name.")
    rate: Rate | None = Field(None, description="Too much in too short a time.")

    @model_validator(mode="after")
    def _nothing_empty(self) -> Self:
        empty = [name for name in self.model_fields_set if getattr(self, name) in (None, (), {})]
        if empty:
            raise ValueError(f"{sorted(empty)[0]} is empty; leave it out where it should say nothing")
        return self


class Rule(Closed):
    """One rule. All rules that match take part; see `Effect` and the page on the policy."""

    id: Id = Field(description="Names the rule in every decision; once in a policy.")
    when: Condition = Field(description="When it matches; `{}` is always.")
    effect: Effect = Field(description="deny wins over throttle, that over ask, that over allow.")
    reason: str = Field(min_length=1, max_length=500, description="Told to the user, the model and the approver.")
    risk: Annotated[Risk, AfterValidator(_risen)] | None = Field(
        None, description="Raises the risk that the approver is shown."
    )
    approver: Approver = Field(
        Approver.ADMINISTRATOR,
        description="Who approves an `ask`: `administrator`, or `requester`, who may then confirm it as well.",
    )
    persons: int = Field(1, ge=1, le=2, description="How many different approvers an `ask` takes.")
    fresh_login: Duration | None = Field(None, description="Approvers of an `ask` must have signed in so lately.")

    @model_validator(mode="after")
    def _fits_its_effect(self) -> Self:
        by_requester = self.approver is Approver.REQUESTER
        takes_more = self.persons > 1 or self.fresh_login is not None
        if self.effect is not Effect.ASK and (by_requester or takes_more):
            raise ValueError("approver, persons and fresh_login say what an approval takes, so the effect must be ask")
        if by_requester and takes_more:
            raise ValueError(
                "persons and fresh_login are of administrators; leave them out where the requester approves"
            )
        if self.effect is Effect.THROTTLE and self.when.rate is None:
            raise ValueError("throttle needs a rate, which says when to try again")
        if self.effect is Effect.ALLOW and self.when.rate is not None:
            raise ValueError("a rate limits, so it cannot allow; give the rule the effect ask, throttle or deny")
        return self


class PolicyDocument(Closed):
    """A policy file."""

    version: Annotated[Literal[1], BeforeValidator(lambda value: 1 if value == "1" else value)] = Field(
        description="Version of the language."
    )
    extends: Literal["default"] | None = Field(None, description="Take the shipped rules too; an equal id replaces.")
    without: tuple[Id, ...] = Field((), description="Shipped rules that are left out.")
    timezone: Annotated[str, AfterValidator(_zone)] = Field("UTC", description="Time zone of `hours` and `weekdays`.")
    groups: dict[Name, tuple[Name, ...]] = Field({}, description="Groups of users, for `groups`.")
    rules: tuple[Rule, ...] = Field(description="In any order: the order means nothing.", max_length=2000)
