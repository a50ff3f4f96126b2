"""Where the arguments of a model's calls come from: a fold over its session's chain. Pure.

A language model cannot be asked which words moved it. So, once anything untrusted stood before it, every call that it
writes derives from that, unless something trusted binds it: a plan. A plan says which calls the user's words ask for,
made from these words alone (`manager.agent.planner`), and is spent by the calls that it covers. In a planned call an
argument is trusted when the plan gives its value; when it is the default; when it names, as a handle, a thing that the
system itself named in a typed field of a result of this session; or when the tool declares it content.

Several people may write to one session. Each acts with rights of their own, so to each the words of the others, and all
that came of them, are untrusted text: a plan is made of the author's words alone and counts for their turn alone, and
handles are those of results that the author's own calls brought.

Limits: a plan binds what is done, to whom and how often, not the wording of content. What the built-in guide calls
follows from the user's words by fixed rules, so its calls count as trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import to_jsonable_python

from audit.ledger import Event
from ink_core.labels import LOWEST, Confidentiality, Integrity, Label
from mcp_tools.catalogue import Catalogue
from mcp_tools.spec import ToolSpec

THE_CALL = "*"
"""Stands for the call itself among untrusted arguments, where it has none that could be named."""
BUILTIN = "builtin"
UNTRUSTED = Label(Confidentiality.PUBLIC, Integrity.UNTRUSTED)


class Step(BaseModel):
    """One kind of call that the user's words ask for. `arguments`: by name, the values that they allow.

    `repeated`: as often as the data require; else once.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    tool: str
    arguments: dict[str, tuple[JsonValue, ...]] = Field(default_factory=dict[str, tuple[JsonValue, ...]])
    repeated: bool = False

    def covers(self, tool: str, arguments: Mapping[str, JsonValue]) -> bool:
        return self.tool == tool and all(arguments.get(name) in allowed for name, allowed in self.arguments.items())


@dataclass(frozen=True)
class Called:
    """An open call of the model, in whose name."""

    tool: str
    arguments: Mapping[str, JsonValue]
    by: str


@dataclass(frozen=True)
class Provenance:
    """What stood before the model of one session.

    `authors` are all who wrote to it, `author` who wrote last. `turn` is the latest one, which `running` or not.
    `seen`: label of everything so far; `asked`: of what the model saw when it was asked last, which its calls derive
    from; `by_rules`: whether that was the built-in guide.
    `plan` is of the running turn, None where none was made; `handles` are (kind, name) pairs; `calls` are open ones.
    `delegated`: a sub-agent's session, whose goal is no user's words, so that nothing is planned by it; `root` is the
    session above it that people write to.
    """

    author: str = ""
    authors: frozenset[str] = frozenset()
    turn: int = 0
    running: bool = False
    seen: Label = LOWEST
    asked: Label = LOWEST
    by_rules: bool = False
    plan: tuple[Step, ...] | None = None
    delegated: bool = False
    root: str = ""
    handles: frozenset[tuple[str, str]] = frozenset()
    calls: Mapping[str, Called] = field(default_factory=dict[str, Called])

    @property
    def tainted(self) -> bool:
        """Whether what the model writes now derives from untrusted text."""
        return self.asked.integrity is Integrity.UNTRUSTED and not self.by_rules


def fold(state: Provenance, event: Event, catalogue: Catalogue) -> Provenance:
    body = cast("dict[str, Any]", dict(event.body))
    match event.kind:
        case "session.opened" if body.get("delegation"):
            return _delegated(state, body["delegation"])
        case "user.message":
            return _told(_quoted(state, body), str(body.get("by", "")))
        case "session.branched" if not state.delegated:
            return replace(state, plan=None)  # labels stay: nothing that was seen is forgotten by going another way
        case "turn.ended" if body["turn"] == state.turn:
            return replace(state, running=False)
        case "plan.made" if body["turn"] == state.turn:
            return replace(state, plan=tuple(Step.model_validate(step) for step in body["steps"]))
        case "model.asked":
            return replace(state, asked=state.seen, by_rules=body.get("trust") == BUILTIN)
        case "model.sent" if body.get("context"):
            label = _of_context(body["context"])
            return replace(state, seen=state.seen.join(label), asked=state.asked.join(label))
        case _:
            return _with_call(state, event.kind, body, catalogue)


def _with_call(state: Provenance, kind: str, body: Mapping[str, Any], catalogue: Catalogue) -> Provenance:
    match kind:
        case "call.proposed" if body["origin"] == "model":
            arguments = cast("Mapping[str, JsonValue]", body["arguments"])
            called = Called(str(body["tool"]), arguments, str(body.get("principal", "")))
            return replace(state, calls={**state.calls, body["call_id"]: called})
        case "call.intent" if body["call_id"] in state.calls and not body.get("approval_id"):
            return _spent(state, state.calls[body["call_id"]], catalogue)
        case "call.refused" | "call.outcome" if body["call_id"] in state.calls:
            return _ended(state, body, catalogue)
        case _:
            return state


def _delegated(state: Provenance, delegation: Mapping[str, Any]) -> Provenance:
    goal, root = Label.from_json(delegation["label"]), str(delegation["ancestors"][0])
    seen, asked = state.seen.join(goal), state.asked.join(goal)
    return replace(state, seen=seen, asked=asked, delegated=True, root=root, plan=())


def _told(state: Provenance, by: str) -> Provenance:
    """A message ends the plan; one after another's words makes everything before it untrusted, to both of them."""
    seen = state.seen.join(UNTRUSTED) if state.authors - {by} else state.seen
    handles = state.handles if by == state.author else frozenset[tuple[str, str]]()
    plan, turn = state.plan if state.delegated else None, state.turn + (not state.running)
    state = replace(state, author=by, authors=state.authors | {by}, turn=turn, running=True)
    return replace(state, seen=seen, handles=handles, plan=plan)


def _quoted(state: Provenance, body: Mapping[str, Any]) -> Provenance:
    """What was sent along with a message is no word of its author: it is as untrusted as the terminal it is from."""
    return replace(state, seen=state.seen.join(Label.from_json(body["label"]))) if body.get("label") else state


def _of_context(body: Mapping[str, Any]) -> Label:
    return Label(Confidentiality(body["confidentiality"]), Integrity(body["integrity"]))


def untrusted_arguments(state: Provenance, spec: ToolSpec, arguments: Mapping[str, JsonValue]) -> frozenset[str]:
    """Names of the arguments that derive from untrusted text; all of them for a call that no plan covers."""
    if not state.tainted:
        return frozenset()
    given = {name: value for name, value in arguments.items() if not _is_default(spec, name, value)}
    step = _step_for(state, spec, arguments)
    return (frozenset(given) or frozenset({THE_CALL})) if step is None else _left_open(state, spec, step, given)


def _step_for(state: Provenance, spec: ToolSpec, arguments: Mapping[str, JsonValue]) -> Step | None:
    """Of the steps that cover the call, the first that leaves least open."""
    covering = [step for step in state.plan or () if step.covers(spec.name, arguments)]
    return min(covering, key=lambda step: len(_left_open(state, spec, step, arguments)), default=None)


def _left_open(state: Provenance, spec: ToolSpec, step: Step, arguments: Mapping[str, JsonValue]) -> frozenset[str]:
    free = {name: value for name, value in arguments.items() if name not in step.arguments}
    named = frozenset(name for name, value in free.items() if _is_handle(state, spec.handles.get(name), value))
    content = spec.content if spec.content_of_handles or not named else frozenset[str]()
    return frozenset(free) - named - content


def _ended(state: Provenance, body: Mapping[str, Any], catalogue: Catalogue) -> Provenance:
    called = state.calls[body["call_id"]]
    label = Label.from_json(body["label"]) if body.get("label") else LOWEST
    left = {call_id: other for call_id, other in state.calls.items() if call_id != body["call_id"]}
    own = body.get("status") == "done" and called.by == state.author
    found = frozenset(_handles(called.tool, body.get("result"), catalogue)) if own else frozenset[tuple[str, str]]()
    return replace(state, seen=state.seen.join(label), handles=state.handles | found, calls=left)


def _spent(state: Provenance, called: Called, catalogue: Catalogue) -> Provenance:
    """Without the step that allowed this call; without any of that tool where it cannot be told which."""
    if state.plan is None:
        return state
    step = next((_step_for(state, spec, called.arguments) for spec in catalogue if spec.name == called.tool), None)
    if step is None:
        return replace(state, plan=tuple(other for other in state.plan if other.tool != called.tool))
    place = state.plan.index(step)
    return state if step.repeated else replace(state, plan=(*state.plan[:place], *state.plan[place + 1 :]))


def _handles(tool: str, result: JsonValue, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for spec in catalogue:
        if spec.name == tool:
            for path, kind in spec.identifies.items():
                yield from ((kind, name) for name in _at(result, path.split(".")))


def _at(value: JsonValue, path: Sequence[str]) -> Iterator[str]:
    """Texts and whole numbers at a path, whose `*` stands for every item of a list or every field of an object."""
    if not path:
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield str(value)
    elif path[0] == "*" and isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _is_handle(state: Provenance, kind: str | None, value: JsonValue) -> bool:
    names = value if isinstance(value, list) else [value]
    return kind is not None and all(
        isinstance(name, str | int) and (kind, str(name)) in state.handles for name in names
    )


def _is_default(spec: ToolSpec, name: str, value: JsonValue) -> bool:
    declared = spec.input.model_fields.get(name)
    if declared is None or declared.is_required():
        return False
    return value == to_jsonable_python(declared.get_default(call_default_factory=True))
