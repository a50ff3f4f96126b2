"""The switches of administrators: a fold over one chain. What is switched stays so after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, cast

from audit.ledger import Event, Ledger, Record
from ink_core.errors import BadInput, NotFound
from manager.agent.choice import ModelChoice
from mcp_tools.switches_port import SetSwitch, Switched, SwitchKind, SwitchState

CHAIN = "switches"
SET = "switch.set"
Offered = Mapping[str, Set[SwitchState]]


class Switches:
    """Implements `mcp_tools.switches_port.Switching`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._offered: dict[SwitchKind, Offered] = {}
        self._told: dict[SwitchKind, Callable[[], None]] = {}
        self._set: dict[tuple[SwitchKind, str], Switched] = {}

    def offer(self, kind: SwitchKind, names: Offered, told: Callable[[], None]) -> None:
        """What there is of a kind, with the states that each can have; `told` is called when one has changed."""
        self._offered[kind], self._told[kind] = names, told

    def of(self, kind: SwitchKind) -> Mapping[str, Switched]:
        """By name, those that were switched. What the site has no more of is left out."""
        here = self._offered.get(kind, {})
        return {name: one for (which, name), one in self._set.items() if which is kind and one.to in here.get(name, ())}

    async def recover(self) -> None:
        for event in await self._ledger.read(CHAIN):
            self._fold(event)
        for told in self._told.values():
            told()

    def check(self, asked: SetSwitch) -> None:
        states = self._offered.get(asked.kind, {}).get(asked.name)
        if states is None:
            raise NotFound(f"there is no {asked.kind.replace('_', ' ')} {asked.name!r} to switch")
        if asked.to not in states:
            raise BadInput(f"{asked.name} can be {' or '.join(sorted(states))}")

    async def set(self, asked: SetSwitch, by: str) -> Switched:
        self.check(asked)
        for event in await self._ledger.append(CHAIN, Record(SET, {**asked.model_dump(mode="json"), "by": by})):
            self._fold(event)
        self._told[asked.kind]()
        return self._set[asked.kind, asked.name]

    def _fold(self, event: Event) -> None:
        body = cast("Mapping[str, Any]", event.body)
        kind, to = SwitchKind(body["kind"]), SwitchState(body["to"])
        one = Switched(kind=kind, name=body["name"], to=to, reason=body["reason"], by=body["by"], at=event.time)
        self._set[kind, one.name] = one


def open_switches(ledger: Ledger, models: ModelChoice) -> Switches:
    """With every configured model offered; the built-in guide always answers."""
    switches = Switches(ledger)

    def told() -> None:
        models.switched_off.clear()
        set_off = (name for name, one in switches.of(SwitchKind.MODEL).items() if one.to is SwitchState.OFF)
        models.switched_off.update(set_off)

    switches.offer(SwitchKind.MODEL, {name: {SwitchState.ON, SwitchState.OFF} for name in models.endpoints}, told)
    return switches
