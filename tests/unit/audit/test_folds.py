"""States of many chains, of which a few are in memory."""

from __future__ import annotations

from audit.folds import ChainFolds
from audit.ledger import Event, Record
from audit.memory import MemoryLedger


def told(state: tuple[str, ...], event: Event) -> tuple[str, ...]:
    return (*state, str(event.body["word"]))


async def test_each_chain_is_told_with_what_it_gained_however_few_are_kept() -> None:
    ledger = MemoryLedger()
    folds = ChainFolds[tuple[str, ...]](ledger, (), told, kept=2)
    for turn in ("a", "b"):
        for chain in ("one", "two", "three"):
            await ledger.append(chain, Record("said", {"word": turn + chain}))
            assert (await folds.of(chain))[-1] == turn + chain
    assert await folds.of("one") == ("aone", "bone")
    assert len(folds) == 2


async def test_a_chain_that_nobody_wrote_has_the_first_state_and_takes_no_room() -> None:
    folds = ChainFolds[tuple[str, ...]](MemoryLedger(), (), told, kept=2)
    assert await folds.of("nothing") == ()
    assert len(folds) == 0


async def test_what_is_forgotten_is_folded_anew() -> None:
    ledger = MemoryLedger()
    seen: list[int] = []

    def counted(state: int, event: Event) -> int:
        seen.append(event.seq)
        return state + 1

    folds = ChainFolds(ledger, 0, counted, kept=2)
    await ledger.append("one", Record("said", {}))
    assert (await folds.of("one"), await folds.of("one")) == (1, 1)
    folds.forget("one")
    assert await folds.of("one") == 1
    assert seen == [1, 1]
