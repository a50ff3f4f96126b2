"""Rules that hold a tool back and say nothing of another one by which the same is done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manager.gate.policy.document import Effect, Rule
from manager.gate.policy.names import among

ALIKE = (frozenset({"run_command", "start_process"}), frozenset({"write_file", "patch_files", "edit_notebook"}))


@dataclass(frozen=True)
class Forgotten:
    """`rule` holds `tool` back, and no rule that holds tools back names any of `like`."""

    rule: str
    tool: str
    like: Sequence[str]

    def __str__(self) -> str:
        said = f"the rule {self.rule} is about {self.tool} and says nothing of"
        return f"{said} {' and '.join(self.like)}, which can do the same"


def forgotten(rules: Sequence[Rule]) -> Sequence[Forgotten]:
    """In the order of the rules. A rule that names no tools is about all of them."""
    strict = [(rule, among(rule.when.tools)) for rule in rules if rule.effect is not Effect.ALLOW and rule.when.tools]
    found: list[Forgotten] = []
    for rule, names in strict:
        for tools in ALIKE:
            like = [tool for tool in sorted(tools) if not any(others(tool) for _, others in strict)]
            if like and (named := sorted(filter(names, tools))):
                found.append(Forgotten(rule.id, named[0], like))
    return found
