"""Reads the rules of JobLens from YAML. A file that is not valid is refused whole, with the line of each mistake."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from ink_core.complaints import where_and_what
from ink_core.errors import BadInput
from joblens.rules.rule_set import RuleSet
from manager.gate.policy.yaml_source import MAX_BYTES, NotPlain, Place, read_yaml

MAX_SHOWN = 5


class RulesInvalid(BadInput):
    """Not a file of rules; the text names the first mistakes with their lines."""

    code = "rules_invalid"


def load_rules(path: Path | None) -> RuleSet:
    """The rules of a file, or the shipped ones. Raises `RulesInvalid` (also for an unreadable file)."""
    return parse_rules(*rules_text(path))


def rules_text(path: Path | None) -> tuple[str, str]:
    """What a file of rules says, or the shipped one, and its name. Raises `RulesInvalid` for an unreadable one."""
    if path is None:
        return resources.files("joblens.rules").joinpath("shipped.yaml").read_text("utf-8"), "shipped.yaml"
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1).decode(), str(path)
    except OSError as error:
        raise RulesInvalid(f"the rules in {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RulesInvalid(f"the rules in {path} are not UTF-8 text") from error


@lru_cache(maxsize=4)
def parse_rules(text: str, source: str) -> RuleSet:
    """`source` names the text in errors. Raises `RulesInvalid`."""
    try:
        read = read_yaml(text)
    except NotPlain as error:
        raise RulesInvalid(_line(source, error.place, str(error))) from error
    try:
        return RuleSet.model_validate(read.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        lines = [_line(source, read.place(each["loc"]), where_and_what(each)) for each in found[:MAX_SHOWN]]
        more = [f"and {len(found) - MAX_SHOWN} more"] if len(found) > MAX_SHOWN else []
        raise RulesInvalid("\n".join([*lines, *more])) from None


def _line(source: str, place: Place, message: str) -> str:
    return f"{source}:{place.line}:{place.column}: {message}"
