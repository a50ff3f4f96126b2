"""The rules of JobLens as they are written and as they are switched."""

from __future__ import annotations

from dataclasses import dataclass

from joblens.rules.rule_set import Rule, RuleSet
from joblens.rules.service import RuleService
from manager.switches import Switches
from mcp_tools.switches_port import SwitchKind, SwitchState


@dataclass(frozen=True)
class RuleBook:
    """`source` names the file, `text` is what it says, read when the manager started."""

    source: str
    text: str
    written: RuleSet
    service: RuleService
    switches: Switches

    def begin(self) -> None:
        """Offer every rule to be switched; what is switched counts at once."""
        names = {rule.name: frozenset(SwitchState) for rule in self.written.rules}
        self.switches.offer(SwitchKind.LENS_RULE, names, lambda: self.service.use(self.in_force()))

    def state(self, rule: Rule) -> SwitchState:
        switched = self.switches.of(SwitchKind.LENS_RULE).get(rule.name)
        if switched:
            return switched.to
        return SwitchState.DRY_RUN if rule.dry_run else SwitchState.ON

    def in_force(self) -> RuleSet:
        """Those that are not off. `dry_run` of the whole file holds for all of them."""
        rules = tuple(
            rule.model_copy(update={"dry_run": state is SwitchState.DRY_RUN})
            for rule in self.written.rules
            if (state := self.state(rule)) is not SwitchState.OFF
        )
        return self.written.model_copy(update={"rules": rules})
