"""What every ledger promises of records that rely on other chains: written while these end so, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audit.ledger import ChainMoved, Ledger, Record
from audit.memory import MemoryLedger
from audit.postgres import PostgresLedger
from audit.postgres_connection import Server
from audit.sqlite import SqliteLedger


@pytest.fixture(params=["memory", "postgresql", "sqlite"])
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ledger]:
    match request.param:
        case "memory":
            made = MemoryLedger()
        case "sqlite":
            made = SqliteLedger(tmp_path / "ledger")
        case _:
            made = await PostgresLedger.open(Server(request.getfixturevalue("postgresql_url")))
    yield made
    await made.close()


def relying(**chains: int) -> Record:
    return Record("test.decided", {}, chains)


async def test_it_is_written_while_the_chains_end_as_they_did(ledger: Ledger) -> None:
    await ledger.append("locks", Record("lock.set", {}), Record("lock.lifted", {}))
    await ledger.append("c", relying(locks=2, policy=0), relying(locks=2))
    assert len(await ledger.read("c")) == 2


@pytest.mark.parametrize("known", [0, 1, 3])
async def test_where_one_has_grown_nothing_of_the_append_is_written(ledger: Ledger, known: int) -> None:
    await ledger.append("locks", Record("lock.set", {}), Record("lock.lifted", {}))
    with pytest.raises(ChainMoved, match="locks has changed"):
        await ledger.append("c", Record("test.proposed", {}), relying(locks=known))
    assert await ledger.read("c") == ()
    await ledger.append("c", relying(locks=2))


async def test_what_relies_on_a_chain_that_grows_at_the_same_moment_is_before_it_or_not_there(ledger: Ledger) -> None:
    """All wait together, so that they share transactions."""
    before = [ledger.append(f"before:{n}", relying(locks=0)) for n in range(5)]
    growing = ledger.append("locks", Record("lock.set", {}))
    after = [ledger.append(f"after:{n}", relying(locks=0)) for n in range(5)]
    beside = [ledger.append(f"beside:{n}", Record("test", {})) for n in range(5)]
    done = await asyncio.gather(*before, growing, *after, *beside, return_exceptions=True)
    assert [isinstance(each, ChainMoved) for each in done] == [False] * 6 + [True] * 5 + [False] * 5
    assert await ledger.chains("after:") == ()
    assert len(await ledger.chains("before:")) == len(await ledger.chains("beside:")) == 5


async def test_a_chain_may_rely_on_its_own_end(ledger: Ledger) -> None:
    await ledger.append("c", relying(c=0))
    taken = await asyncio.gather(*(ledger.append("c", relying(c=1)) for _ in range(5)), return_exceptions=True)
    assert sum(not isinstance(each, ChainMoved) for each in taken) == 1
    assert len(await ledger.read("c")) == 2
