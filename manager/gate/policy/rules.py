"""What a policy rule is: closed models of the policy file."""

from __future__ import annotations

import re
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from manager.gate.policy.facts import CallFacts, Origin
from mcp_tools.spec import Confidentiality, Risk

_UNIT_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class Effect(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


def _seconds(value: object) -> object:
    """Seconds of `90s`, `10m`, `2h` or `1d`."""
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("a duration is a number with s, m, h or d, for instance 10m")
    return int(found[1]) * _UNIT_S[found[2]]


Duration = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]


class Condition(BaseModel):
    """All given fields must hold; a field that is absent says nothing. `tools` are shell-style patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tools: tuple[str, ...] | None = None
    risk: tuple[Risk, ...] | None = None
    origin: tuple[Origin, ...] | None = None
    users: tuple[str, ...] | None = None
    others_property: bool | None = None
    targets_over: int | None = None
    argument_over: dict[str, float] | None = None
    argument_is: dict[str, JsonValue] | None = None
    derives_from_untrusted: bool | None = None
    confidentiality: tuple[Confidentiality, ...] | None = None

    def fails(self, facts: CallFacts) -> str | None:
        """The first field that does not hold, or None."""
        return next((name for name in self.model_fields_set if not self._holds(name, facts)), None)

    def _holds(self, name: str, facts: CallFacts) -> bool:
        match name:
            case "tools":
                return any(fnmatchcase(facts.tool, pattern) for pattern in self.tools or ())
            case "risk":
                return facts.risk in (self.risk or ())
            case "origin":
                return facts.origin in (self.origin or ())
            case "users":
                return facts.username in (self.users or ())
            case "others_property":
                return facts.touches_others == self.others_property
            case "targets_over":
                return self.targets_over is not None and facts.target_count > self.targets_over
            case "derives_from_untrusted":
                return bool(facts.untrusted_arguments) == self.derives_from_untrusted
            case "confidentiality":
                return facts.confidentiality in (self.confidentiality or ())
            case "argument_over":
                limits = self.argument_over or {}
                return all(_number(facts.arguments.get(name)) > limit for name, limit in limits.items())
            case _:
                return all(facts.arguments.get(name) == value for name, value in (self.argument_is or {}).items())


class Rule(BaseModel):
    """One rule. `risk` raises the risk that the approver is shown; `reason` is told to the user and to the model.

    `persons` and `fresh_login` are what an approval takes that this rule asks for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    when: Condition
    effect: Effect
    reason: str
    risk: Risk | None = None
    persons: int = Field(default=1, ge=1, le=2)
    fresh_login: Duration | None = None


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("-inf")
