"""What every ledger promises of a lease: who was taken over from writes nothing, in whatever order things happen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import psycopg
import pytest

from audit.leases import Lease
from audit.ledger import Ledger, LedgerUnavailable, Record
from audit.memory import MemoryLedger
from audit.postgres import PostgresLedger
from audit.postgres_connection import Server
from audit.sqlite import SqliteLedger
from audit.verify import verify

FIRST, SECOND = "aa", "bb"
ORDERS = [
    "".join(FIRST[0] if place in places else SECOND[0] for place in range(len(FIRST + SECOND)))
    for places in combinations(range(len(FIRST + SECOND)), len(FIRST))
]
CUT_OFF = (
    b"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'ink-ledger'"
    b" AND datname = current_database()"
)


@dataclass
class Store:
    """A place that holds a ledger. `open` is what a manager does; `let_in` removes what keeps a second one out."""

    open: Callable[[Lease], Awaitable[Ledger]]
    let_in: Callable[[], Awaitable[None]]
    exits: AsyncExitStack
    superseded: list[str] = field(default_factory=list[str])

    async def manager(self, name: str) -> Ledger:
        return await self.open(Lease("manager", name, lambda: self.superseded.append(name)))


@pytest.fixture(params=["memory", "postgresql", "sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def store(kind: str, request: pytest.FixtureRequest, tmp_path: Path):
    async with AsyncExitStack() as exits:
        match kind:
            case "memory":
                yield in_memory(exits)
            case "sqlite":
                yield in_a_file(tmp_path / "ledger", exits)
            case _:
                yield on_a_server(request.getfixturevalue("postgresql_url"), exits)


def in_memory(exits: AsyncExitStack) -> Store:
    opened: list[MemoryLedger] = []

    async def open_(lease: Lease) -> Ledger:
        opened.append(MemoryLedger(lease=lease, beside=opened[-1] if opened else None))
        return opened[-1]

    async def nobody() -> None:
        """Nothing keeps anybody out."""

    return Store(open_, nobody, exits)


def in_a_file(path: Path, exits: AsyncExitStack) -> Store:
    async def open_(lease: Lease) -> Ledger:
        ledger = SqliteLedger(path, lease=lease)
        exits.push_async_callback(ledger.close)
        return ledger

    async def lose_the_lock() -> None:
        """Somebody has tidied up."""
        Path(f"{path}.lock").unlink()

    return Store(open_, lose_the_lock, exits)


def on_a_server(url: str, exits: AsyncExitStack) -> Store:
    async def open_(lease: Lease) -> Ledger:
        ledger = await PostgresLedger.open(Server(url), lease=lease)
        exits.push_async_callback(ledger.close)
        return ledger

    async def cut_off() -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as owner:
            await owner.execute(CUT_OFF)

    return Store(open_, cut_off, exits)


@pytest.mark.parametrize("order", ORDERS)
async def test_in_every_order_of_two_holders_the_first_writes_until_it_is_taken_over_from(
    store: Store, order: str
) -> None:
    """The first appends twice; the second takes the lease, then appends."""
    first = await store.manager("first")
    second: Ledger | None = None
    written: list[str] = []
    for who in order:
        if who == "b" and second is None:
            await store.let_in()
            second = await store.manager("second")
        elif who == "b" and second is not None:
            await second.append("c", Record("test.by", {"by": "second"}))
            written.append("second")
        elif second is None:
            await first.append("c", Record("test.by", {"by": "first"}))
            written.append("first")
        else:
            with pytest.raises(LedgerUnavailable, match="another manager has taken over"):
                await first.append("c", Record("test.by", {"by": "first"}))
    assert second is not None
    assert [event.body["by"] for event in await second.read("c")] == written
    assert [event.seq for event in await second.read("c")] == list(range(1, len(written) + 1))
    assert store.superseded == (["first"] if order.rindex("a") > order.index("b") else [])


async def test_every_take_over_is_on_record_and_its_number_is_the_epoch(store: Store) -> None:
    first = await store.manager("first")
    await store.let_in()
    second = await store.manager("second")
    assert (first.epoch, second.epoch) == (1, 2)
    taken = await second.read("lease:manager")
    assert [(event.seq, event.kind, event.body) for event in taken] == [
        (1, "lease.taken", {"holder": "first"}),
        (2, "lease.taken", {"holder": "second"}),
    ]


async def test_a_file_that_two_have_written_in_turn_is_sound(tmp_path: Path) -> None:
    async with AsyncExitStack() as exits:
        store = in_a_file(tmp_path / "ledger", exits)
        first = await store.manager("first")
        await first.append("c", Record("test", {}))
        await store.let_in()
        second = await store.manager("second")
        with pytest.raises(LedgerUnavailable):
            await first.append("c", Record("test", {}))
        await second.append("c", Record("test", {}))
    assert (verify(tmp_path / "ledger").problems, verify(tmp_path / "ledger").events) == ([], 4)
