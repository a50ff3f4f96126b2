"""What a tool is: a typed, declared operation that only the gate can run.

One `ToolSpec` per tool, declared in the file of its domain. The specification is what the model, the MCP clients, the
page, the policy and the audit see; `run` is what the gate calls once it has `Leave`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, JsonValue, ValidationError

from ink_core.complaints import in_plain_words
from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from ink_core.labels import Confidentiality, Integrity, Label
from mcp_tools.readable import lines, one_line
from mcp_tools.tool_value import ToolValue

if TYPE_CHECKING:
    from mcp_tools.context import ToolContext

__all__ = [
    "Confidentiality",
    "ConfidentialityOf",
    "Integrity",
    "Label",
    "Preview",
    "Risk",
    "RunsOn",
    "ToolSpec",
    "ToolValue",
]


class Risk(StrEnum):
    READ = "read"
    WRITE = "write"
    HIGH = "high"
    FORBIDDEN = "forbidden"

    @property
    def rank(self) -> int:
        """Its place in the order of risks, from 0 for the lowest."""
        return _RANKS[self]


_RANKS = {risk: rank for rank, risk in enumerate(Risk)}


class RunsOn(StrEnum):
    """Where the effect happens: in the core, in the acting user's access-point agent, or in the session's worker."""

    CORE = "core"
    ACCESS_POINT = "access_point"
    EXECUTE = "execute"


OneLine = Annotated[str, AfterValidator(one_line)]
Lines = Annotated[str, AfterValidator(lines)]
"""What people are shown of names and texts that others chose."""


class Preview(ToolValue):
    """What a call would do, for the policy and the approver. `targets` are job ids or paths; `owners` their owners.
    These are exact; the rest is text for people, in which names that others chose are spelled out.

    `jobs` and `cpu_hours` are what a submission spends at most.
    """

    summary: OneLine
    targets: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    details: tuple[OneLine, ...] = ()
    undo: OneLine | None = None
    jobs: int = 0
    cpu_hours: float = 0.0


class Seen(ToolValue):
    """One thing as it was when approval was asked for; `digest` is None where there was nothing.

    `kind`: an `input` decides what happens (a script), a `target` is a file that is replaced or removed; or a `job`.
    """

    kind: Literal["input", "target", "job"]
    name: str
    digest: str | None


class Binding(ToolValue):
    """What an approval is bound to beyond the arguments, with the change in lines that is shown of it.

    `unbound` names files that decide what happens and that the agent may not see.
    """

    seen: tuple[Seen, ...] = ()
    unbound: tuple[OneLine, ...] = ()
    diff: Lines | None = None


# A tool's input type is known to the tool alone; everyone else goes through `ToolSpec.input` first.
Run = Callable[["ToolContext", Any], Awaitable[ToolValue]]
Resolve = Callable[["ToolContext", Any], Awaitable[ToolValue]]
PreviewFunction = Callable[["ToolContext", Any], Awaitable[Preview]]
Bind = Callable[["ToolContext", Any], Awaitable[Binding]]
Diff = Callable[["ToolContext", Any], Awaitable[str | None]]
Reconcile = Callable[["ToolContext", Any], Awaitable[ToolValue | None]]
ConfidentialityOf = Callable[["ToolContext", Any], Confidentiality]
LabelOf = Callable[["ToolContext", Any], Awaitable[Label]]


@dataclass(frozen=True)
class ToolSpec:
    """Declaration of one tool.

    `resolve`: turns the validated input into its final form (an owner into the job ids that owner has now). Policy,
    approval, ledger and `run` all see the resolved input, so that what was approved is what runs.
    `bind`: what an approval of this call is bound to; asked only when the call needs one, and again before it runs.
    `diff`: the change in lines that the approver is shown, asked once.
    `idempotent`: running it again has no further effect, so an unknown outcome may be resolved by running it again.
    `reconcile`: for the others, asks the world what became of `context.operation_id`; returns the result it had, or
    None when it certainly never took effect; raises when the world cannot tell yet.
    `label` is the lowest that a result or an error of the tool has; `confidentiality_of` raises it where that depends
    on the place that the call reaches, and says so before the call is made; `label_of` raises it by what the call did,
    asked once it has ended.
    Every argument is consequential but those named in `content` (a text, a title, a limit: what a call that the user
    asked for may take from untrusted data). `handles`: arguments that name existing things of a kind, for a call that
    can be taken back; `content_of_handles`: both the thing and the content may come from data, since nobody else sees.
    `converses`: its run may ask the MCP client that called it, or say that it takes long (`conversation.py`).
    `for_models`: whether our own model is told of it with every request; what only programs need would cost it room.
    `for_clients`: whether MCP clients are told of it; what only an agent of a session can use is nothing to them.
    `waits`: its run waits for calls that are counted themselves, so that its own time is none.
    `relays`: its result is what other calls brought, for whose tools its own scopes say nothing.
    `clearance`: for a tool whose arguments go to somebody else's server, the most confidential that this may see.
    `personal`: it brings what its user alone may know, however little confidential that is.
    `identifies`: typed fields of the result, by path (`jobs.*.job_id`), where the system itself names things of a kind.
    """

    name: str
    title: str
    description: str
    input: type[ToolValue]
    output: type[ToolValue]
    risk: Risk
    scopes: frozenset[Scope]
    runs_on: RunsOn
    idempotent: bool
    timeout_s: float
    label: Label
    run: Run
    resolve: Resolve | None = None
    preview: PreviewFunction | None = None
    bind: Bind | None = None
    diff: Diff | None = None
    reconcile: Reconcile | None = None
    confidentiality_of: ConfidentialityOf | None = None
    label_of: LabelOf | None = None
    content: frozenset[str] = frozenset()
    handles: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    content_of_handles: bool = False
    converses: bool = False
    identifies: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    for_models: bool = True
    for_clients: bool = True
    waits: bool = False
    relays: bool = False
    clearance: Confidentiality | None = None
    personal: bool = False

    def parse(self, arguments: Mapping[str, JsonValue]) -> ToolValue:
        """Typed input. Raises `BadInput` that names each wrong field, without repeating what was sent."""
        try:
            return self.input.model_validate(dict(arguments))
        except ValidationError as error:
            raise BadInput(f"{self.name}: {'; '.join(_complaints(error, self.input))}") from None


def _complaints(error: ValidationError, model: type[ToolValue]) -> list[str]:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    complaints = [
        f"{'.'.join(map(str, detail['loc'])) or 'arguments'}: {_said(detail['msg'])}" for detail in details[:8]
    ]
    if any(detail["type"] == "extra_forbidden" for detail in details):
        complaints.append(f"known fields are {', '.join(model.model_fields) or 'none'}")
    return complaints


def _said(message: str) -> str:
    return in_plain_words(message).replace("Extra inputs are not permitted", "unknown field")
