"""What every ledger promises: the double and the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path

import pytest

from audit.canonical import canonical_text, event_hash, time_text
from audit.ledger import Event, LedgerUnavailable, Record, Where, erasure
from audit.memory import MemoryLedger
from audit.personal import ERASED, split
from audit.postgres import PostgresLedger
from audit.postgres_connection import Server
from audit.sealing import MAX_RECORD_BYTES
from audit.sqlite import SqliteLedger
from ink_core.clock import ManualClock
from ink_core.errors import BadInput

AnyLedger = MemoryLedger | PostgresLedger | SqliteLedger


@pytest.fixture(params=["memory", "postgresql", "sqlite"])
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyLedger]:
    made = await _made(request, tmp_path)
    yield made
    await made.close()


async def _made(request: pytest.FixtureRequest, path: Path) -> AnyLedger:
    match request.param:
        case "memory":
            return MemoryLedger(ManualClock())
        case "sqlite":
            return SqliteLedger(path / "ledger.sqlite", ManualClock())
        case _:
            return await PostgresLedger.open(Server(request.getfixturevalue("postgresql_url")), ManualClock())


def numbered(n: int) -> Record:
    return Record("test.numbered", {"n": n})


def expected_hash(event: Event) -> str:
    return event_hash(
        chain=event.chain,
        seq=event.seq,
        kind=event.kind,
        time=time_text(event.time),
        body=canonical_text(split(event.body)[0]),
        seal=event.seal,
        prev=event.prev,
    )


@pytest.mark.requirement("AUDIT-LEDGER-06")
async def test_events_of_a_chain_count_from_one_and_each_names_the_hash_before_it(ledger: AnyLedger) -> None:
    first, second = await ledger.append("session:1", numbered(1), numbered(2))
    (third,) = await ledger.append("session:1", numbered(3))
    assert [event.seq for event in (first, second, third)] == [1, 2, 3]
    assert [event.prev for event in (first, second, third)] == ["", first.hash, second.hash]
    assert all(event.hash == expected_hash(event) for event in (first, second, third))


async def test_what_is_read_is_what_append_returned(ledger: AnyLedger) -> None:
    body = {"text": '束流 \u2028 "quoted" \\ \x00', "float": 0.1, "big": 2**60, "list": [None, True, {"a": []}]}
    written = await ledger.append("c", Record("k", body), numbered(2))
    assert tuple(await ledger.read("c")) == written
    assert written[0].body == body


async def test_reading_starts_after_a_number_and_stops_at_a_limit(ledger: AnyLedger) -> None:
    await ledger.append("c", *map(numbered, range(1, 8)))
    assert [event.seq for event in await ledger.read("c", after=2, limit=3)] == [3, 4, 5]
    assert await ledger.read("c", after=7) == ()
    assert await ledger.read("never written") == ()


async def test_chains_do_not_touch_each_other(ledger: AnyLedger) -> None:
    await asyncio.gather(*(ledger.append(f"c:{n % 3}", numbered(n)) for n in range(30)))
    await ledger.append("other", numbered(0))
    assert await ledger.chains() == ("c:0", "c:1", "c:2", "other")
    assert await ledger.chains("c:") == ("c:0", "c:1", "c:2")
    for chain in await ledger.chains("c:"):
        assert [event.seq for event in await ledger.read(chain)] == list(range(1, 11))


@pytest.mark.requirement("AUDIT-LEDGER-06")
async def test_concurrent_appends_to_one_chain_stay_in_order_and_unmixed(ledger: AnyLedger) -> None:
    written = await asyncio.gather(*(ledger.append("c", numbered(n), numbered(-n)) for n in range(50)))
    events = await ledger.read("c")
    assert [event.seq for event in events] == list(range(1, 101))
    assert [event.body["n"] for event in events] == [value for n in range(50) for value in (n, -n)]
    assert sorted(event.seq for pair in written for event in pair) == list(range(1, 101))
    assert all(later.prev == earlier.hash for earlier, later in pairwise(events))


@pytest.mark.requirement("AUDIT-LEDGER-06")
async def test_a_follower_gets_the_past_and_then_each_new_event(ledger: AnyLedger) -> None:
    await ledger.append("c", numbered(1), numbered(2))
    async with asyncio.timeout(100), aclosing(ledger.follow("c", after=1)) as follower:  # type: ignore[type-var]
        assert (await anext(follower)).seq == 2
        coming = asyncio.ensure_future(anext(follower))
        await ledger.append("another", numbered(0))
        assert not coming.done()
        await ledger.append("c", numbered(3), numbered(4))
        assert (await coming).seq == 3
        assert (await anext(follower)).seq == 4


async def test_many_followers_miss_nothing_while_many_append(ledger: AnyLedger) -> None:
    async def follow_to(last: int) -> list[int]:
        seen: list[int] = []
        async with aclosing(ledger.follow("c")) as follower:  # type: ignore[type-var]
            async for event in follower:
                seen.append(event.seq)
                if event.seq == last:
                    break
        return seen

    async with asyncio.timeout(100):
        followers = [asyncio.create_task(follow_to(40)) for _ in range(5)]
        await asyncio.gather(*(ledger.append("c", numbered(n)) for n in range(40)))
        assert await asyncio.gather(*followers) == [list(range(1, 41))] * 5


async def test_secrets_are_replaced_before_the_hash(ledger: AnyLedger) -> None:
    (event,) = await ledger.append("c", Record("k", {"password": "hunter2", "note": "use ink_abcdefghijklmnop1234"}))
    assert event.body == {"password": "[redacted]", "note": "use [redacted:ink_token]"}
    assert event.hash == expected_hash(event)
    assert (await ledger.read("c"))[0] == event


@pytest.mark.parametrize(
    ("chain", "records"),
    [
        ("", [numbered(1)]),
        ("a\nb", [numbered(1)]),
        ("c", []),
        ("c", [Record("", {})]),
        ("c", [Record("k", {"n": float("nan")})]),
        ("c", [Record("k", {"n": object()})]),  # type: ignore[dict-item]
        ("c", [numbered(1), Record("k", {"text": "x" * MAX_RECORD_BYTES})]),
    ],
    ids=["no chain", "control character", "no record", "no kind", "NaN", "not JSON", "too large"],
)
async def test_what_cannot_be_recorded_is_refused_as_a_whole(
    ledger: AnyLedger, chain: str, records: list[Record]
) -> None:
    with pytest.raises(BadInput):
        await ledger.append(chain, *records)
    assert await ledger.chains() == ()


async def test_text_that_utf8_cannot_carry_is_recorded_with_a_replacement(ledger: AnyLedger) -> None:
    (event,) = await ledger.append("c", Record("k", {"text": "a\ud800b"}))
    assert event.body == {"text": "a\ufffdb"}


async def test_a_closed_ledger_records_nothing_and_releases_its_followers(ledger: AnyLedger) -> None:
    async with asyncio.timeout(100), aclosing(ledger.follow("c")) as follower:  # type: ignore[type-var]
        waiting = asyncio.ensure_future(anext(follower))
        await asyncio.sleep(0)
        await ledger.close()
        with pytest.raises(LedgerUnavailable):
            await waiting
    with pytest.raises(LedgerUnavailable):
        await ledger.append("c", numbered(1))


@pytest.mark.requirement("AUDIT-REDACT-02")
async def test_erased_content_reads_as_placeholders_and_everything_else_of_the_event_stays(ledger: AnyLedger) -> None:
    said = Record("user.message", {"text": "my secret diary", "by": "alice"})
    other = Record("user.message", {"text": "something else", "by": "alice"})
    first, second = await ledger.append("session:1", said, other)
    erased = await ledger.erase(
        {"session:1": [1]}, erasure({"session:1": [1]}, by="admin", selection={}, reason="wish")
    )
    one, two = await ledger.read("session:1")
    assert (one.body, one.erased) == ({"text": ERASED, "by": "alice"}, True)
    assert (one.hash, one.seal, two) == (first.hash, first.seal, second)
    assert one.hash == expected_hash(one)
    assert (erased.chain, erased.body["events"], erased.body["by"]) == ("audit", {"session:1": [[1, 1]]}, "admin")
    assert await ledger.read("audit") == (erased,)


async def test_erasing_what_is_not_there_or_has_nothing_personal_changes_nothing(ledger: AnyLedger) -> None:
    (event,) = await ledger.append("c", numbered(1))
    targets = {"c": [1, 7], "never written": [1]}
    await ledger.erase(targets, erasure(targets, by="admin", selection={}, reason=""))
    assert await ledger.read("c") == (event,)


async def test_equal_content_has_different_commitments(ledger: AnyLedger) -> None:
    one, two = await ledger.append("c", Record("k", {"text": "yes"}), Record("k", {"text": "yes"}))
    assert one.seal != two.seal and len(one.seal) == 64


async def test_the_newest_of_all_chains_come_first_and_a_page_goes_on_below_the_last(ledger: AnyLedger) -> None:
    for n in range(6):
        await ledger.append(f"c:{n % 2}", numbered(n))
    first = await ledger.newest(Where(), limit=4)
    rest = await ledger.newest(Where(), before=first[-1].position, limit=4)
    assert [placed.event.body["n"] for placed in [*first, *rest]] == [5, 4, 3, 2, 1, 0]
    assert await ledger.newest(Where(), before=rest[-1].position, limit=4) == ()
    assert first[0].event == (await ledger.read("c:1"))[-1]


async def test_events_are_found_by_chain_kind_time_and_what_their_public_part_names(ledger: AnyLedger) -> None:
    quoted = 'x"y'
    (before,) = await ledger.append("a", Record("call.proposed", {"tool": "read", "call_id": quoted, "owner": "alice"}))
    await ledger.append(
        "b", Record("call.proposed", {"tool": "write", "call_id": "2", "principal": "bob", "text": '"tool":"read"'})
    )
    await ledger.append("b", Record("call.outcome", {"call_id": "2", "asked": {"owner": "alice"}}))

    async def found(where: Where) -> list[tuple[str, int]]:
        return [(each.event.chain, each.event.seq) for each in await ledger.newest(where, limit=9)]

    assert await found(Where(chain="b")) == [("b", 2), ("b", 1)]
    assert await found(Where(kind="call.proposed")) == [("b", 1), ("a", 1)]
    assert await found(Where(tool="read")) == [("a", 1)]
    assert await found(Where(call_id=quoted)) == [("a", 1)]
    assert await found(Where(owner="alice")) == [("b", 2), ("a", 1)]
    assert await found(Where(kind="call.proposed", call_id="2")) == [("b", 1)]
    assert await found(Where(principal="bob")) == [("b", 1)]
    assert await found(Where(since=before.time)) == [("b", 2), ("b", 1), ("a", 1)]
    assert await found(Where(until=before.time)) == []
    (second,) = [each.position for each in await ledger.newest(Where(kind="call.proposed", chain="b"), limit=1)]
    assert await found(Where(first=second)) == [("b", 2), ("b", 1)]
    assert await found(Where(chain="b", first=second + 1)) == [("b", 2)]
    assert await found(Where(chain="c")) == []


async def test_an_erased_event_is_found_as_erased(ledger: AnyLedger) -> None:
    await ledger.append("c", Record("k", {"owner": "alice", "text": "personal"}))
    await ledger.erase({"c": [1]}, erasure({"c": [1]}, by="admin", selection={"session": "c"}, reason="asked"))
    (found,) = await ledger.newest(Where(chain="c"), limit=1)
    assert (found.event.erased, found.event.body) == (True, {"owner": "alice", "text": ERASED})
