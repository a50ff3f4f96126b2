"""What chains say by a fold: of those asked for last kept in memory, of any other folded again when it is asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from audit.ledger import Event, Ledger

State = TypeVar("State")


@dataclass
class _Folded(Generic[State]):
    state: State
    last_seq: int = 0


class ChainFolds(Generic[State]):
    """`initial` is the state of a chain without records. At most `kept` states are in memory."""

    def __init__(self, ledger: Ledger, initial: State, fold: Callable[[State, Event], State], kept: int) -> None:
        self._ledger = ledger
        self._initial = initial
        self._fold = fold
        self._most = kept
        self._chains: OrderedDict[str, _Folded[State]] = OrderedDict()

    def __len__(self) -> int:
        """How many states are in memory."""
        return len(self._chains)

    async def of(self, chain: str) -> State:
        """The state after all that is durable, by reading what the chain gained since it was asked for last."""
        folded = self._chains.get(chain) or _Folded(self._initial)
        for event in await self._ledger.read(chain, after=folded.last_seq):
            if event.seq > folded.last_seq:  # another who asked meanwhile may have folded it
                folded.state, folded.last_seq = self._fold(folded.state, event), event.seq
        if folded.last_seq:
            self._chains[chain] = folded
            self._chains.move_to_end(chain)
            if len(self._chains) > self._most:
                self._chains.popitem(last=False)
        return folded.state

    def forget(self, chain: str) -> None:
        """Fold it anew when it is asked for: content of it was erased."""
        self._chains.pop(chain, None)
