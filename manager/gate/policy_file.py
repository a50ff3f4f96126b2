"""Reads a policy from YAML. A file without a valid policy is refused whole, with line and column of each mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ink_core.complaints import in_plain_words
from ink_core.errors import BadInput
from manager.gate.policy.argument_test import ArgumentTest
from manager.gate.policy.document import Condition, PolicyDocument, Rate, Rule
from manager.gate.policy.policy import Policy
from manager.gate.policy.yaml_source import MAX_BYTES, NotPlain, Place, Source, read_yaml

MAX_SHOWN = 5
MAX_SAID = 150


@dataclass(frozen=True)
class Problem:
    """One mistake. `path` is the way to it in the document, for instance `rules.3.when.tools`."""

    line: int
    column: int
    path: str
    message: str


class PolicyInvalid(BadInput):
    """`problems` are all that were found; the text names the first few."""

    code = "policy_invalid"

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the default policy. Raises `PolicyInvalid` (also for an unreadable file)."""
    return _shipped() if path is None else parse_policy(read_text(path), str(path))


@cache
def _shipped() -> Policy:
    """Read once: it comes with the program."""
    return parse_policy(default_text(), "default policy")


def default_text() -> str:
    return resources.files("manager.gate").joinpath("default_policy.yaml").read_text("utf-8")


def read_text(path: Path) -> str:
    """The text of a file, at most a little more than a policy may have. Raises `PolicyInvalid`."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1).decode()
    except OSError as error:
        raise PolicyInvalid(f"the policy file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PolicyInvalid(f"the policy file {path} is not UTF-8 text") from error


def parse_policy(text: str, source: str) -> Policy:
    """The policy in a text; `source` names it in errors. Raises `PolicyInvalid`."""
    try:
        read = read_yaml(text)
    except NotPlain as error:
        raise _invalid(source, [Problem(error.place.line, error.place.column, "", str(error))]) from error
    try:
        document = PolicyDocument.model_validate(read.data)
    except ValidationError as error:
        raise _invalid(source, [_problem(detail, read) for detail in error.errors(include_url=False)]) from None
    problems = [*_repeated(document, read), *_unknown(document, read)]
    if problems:
        raise _invalid(source, problems)
    return Policy(rules=_merged(document), groups=document.groups, timezone=document.timezone)


def _merged(document: PolicyDocument) -> Sequence[Rule]:
    """The file's rules, over the shipped ones where it extends them."""
    if document.extends is None:
        return document.rules
    rules = {rule.id: rule for rule in load_policy(None).rules if rule.id not in document.without}
    return tuple({**rules, **{rule.id: rule for rule in document.rules}}.values())


def _repeated(document: PolicyDocument, read: Source) -> Sequence[Problem]:
    counted = Counter(rule.id for rule in document.rules)
    message = "the id {!r} is used twice; every rule needs its own"
    return [
        _at(read.place(("rules", number, "id")), f"rules.{number}.id", message.format(rule.id))
        for number, rule in enumerate(document.rules)
        if counted[rule.id] > 1
    ]


def _unknown(document: PolicyDocument, read: Source) -> Sequence[Problem]:
    """Names that stand for nothing: groups that are not defined, shipped rules that are not there."""
    shipped = {rule.id for rule in load_policy(None).rules} if document.extends else set[str]()
    groups = [
        (("rules", number, "when", "groups"), f"no group {name!r} is defined")
        for number, rule in enumerate(document.rules)
        for name in rule.when.groups or ()
        if name not in document.groups
    ]
    left_out = [
        (("without", number), f"there is no shipped rule {name!r} to leave out")
        for number, name in enumerate(document.without)
        if name not in shipped
    ]
    return [_at(read.place(way), ".".join(map(str, way)), message) for way, message in [*groups, *left_out]]


def _problem(detail: ErrorDetails, read: Source) -> Problem:
    way = detail["loc"]
    place = read.keys.get(way) if detail["type"] == "extra_forbidden" else None
    return _at(place or read.place(way), ".".join(map(str, way)), _said(detail))


def _said(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "it is missing; add it"
    if detail["type"] == "string_type":
        return f"{detail['msg']}; put it in quotes if it is text"
    if detail["type"] != "extra_forbidden":
        return in_plain_words(detail["msg"])[:MAX_SAID]
    *above, key = detail["loc"]
    known = [field.alias or name for name, field in _model_at(above).model_fields.items()]
    near = get_close_matches(str(key), known, n=1)
    return f"unknown key; did you mean {near[0]}?" if near else f"unknown key; known are {', '.join(known)}"[:MAX_SAID]


def _model_at(way: Sequence[str | int]) -> type[BaseModel]:
    """What a document holds there."""
    match way:
        case []:
            return PolicyDocument
        case ["rules", int()]:
            return Rule
        case [*_, "when"]:
            return Condition
        case [*_, "rate"]:
            return Rate
        case _:
            return ArgumentTest


def _at(place: Place, way: str, message: str) -> Problem:
    return Problem(place.line, place.column, way, message)


def _invalid(source: str, problems: Sequence[Problem]) -> PolicyInvalid:
    lines = [_line(source, problem) for problem in problems[:MAX_SHOWN]]
    more = [f"and {len(problems) - MAX_SHOWN} more"] if len(problems) > MAX_SHOWN else []
    return PolicyInvalid("\n".join([*lines, *more]), problems)


def _line(source: str, problem: Problem) -> str:
    way = f"{problem.path[:MAX_SAID]}: " if problem.path else ""
    return f"{source}:{problem.line}:{problem.column}: {way}{problem.message}"
