"""A job as the file holds it: the folded part of each host, and the rows of its tail, unpacked once for all."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

from joblens.records import JobKey
from joblens.store.blocks import unpack_block
from joblens.store.embedded.file import stored
from joblens.store.embedded.folding import KINDS
from joblens.store.fold_codec import unpack_fold
from joblens.store.folding import HostFold
from joblens.store.grouping import Rows, by_job, joined
from joblens.store.parts import Block, HostPart
from joblens.store.summary import not_recorded
from joblens.store.wire import TABLES, decode

MAX_CACHED_ROWS = 100_000

_JOB = "SELECT id FROM job WHERE cluster = ? AND job = ?"
_HOSTS = (
    "SELECT host.id, host.name, host.heard, fold FROM job_host JOIN host ON host.id = host_id "
    "WHERE job_id = ? ORDER BY host.id"
)
_BLOCKS = (
    "SELECT id, first, last, rows FROM block WHERE job_id = ? AND host_id = ? AND kind = ? "
    "AND last >= ? AND first <= ? ORDER BY first, id"
)
_BATCH = "SELECT batch FROM tail WHERE host_id = ? AND sequence = ?"
_BEFORE = "SELECT max(last) FROM block WHERE job_id = ? AND host_id = ? AND kind = ? AND last < ?"


class Reader:
    """Inside a snapshot. The cache is of rows that never change: a batch of the tail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cache: OrderedDict[tuple[int, int], dict[JobKey, Rows]] = OrderedDict()
        self._sizes: dict[tuple[int, int], int] = {}

    def parts(self, key: JobKey) -> list[HostPart]:
        """Raises `JobNotRecorded`."""
        row = self._connection.execute(_JOB, (stored(key.cluster), stored(key.job))).fetchone()
        if row is None:
            raise not_recorded(key)
        return self.parts_of(row[0], key)

    def parts_of(self, job_id: int, key: JobKey) -> list[HostPart]:
        return [
            HostPart(
                host,
                heard,
                unpack_fold(key, host, fold) if fold else HostFold(host),
                joined(batch[key] for batch in self.tail(host_id) if key in batch),
                (job_id, host_id),
            )
            for host_id, host, heard, fold in self._connection.execute(_HOSTS, (job_id,)).fetchall()
        ]

    def tail(self, host_id: int) -> Iterator[dict[JobKey, Rows]]:
        """The batches of a host that are not folded yet, by job."""
        numbers = self._connection.execute("SELECT sequence FROM tail WHERE host_id = ? ORDER BY sequence", (host_id,))
        for (sequence,) in numbers.fetchall():
            if (host_id, sequence) not in self._cache:
                self._remember(host_id, sequence)
            self._cache.move_to_end((host_id, sequence))
            yield self._cache[host_id, sequence]

    def _remember(self, host_id: int, sequence: int) -> None:
        place = (host_id, sequence)
        (encoded,) = self._connection.execute(_BATCH, place).fetchone()
        batch = decode(encoded)
        self._cache[place] = by_job(batch)
        self._sizes[place] = sum(len(getattr(batch, table)) for table in TABLES)
        while len(self._cache) > 1 and sum(self._sizes.values()) > MAX_CACHED_ROWS:
            oldest, _ = self._cache.popitem(last=False)
            del self._sizes[oldest]

    def blocks(self, part: HostPart, table: str, start: float, end: float, *, and_before: bool = False) -> list[Block]:
        place = (*part.place, KINDS[table])
        if and_before:
            (before,) = self._connection.execute(_BEFORE, (*place, start)).fetchone()
            start = start if before is None else before
        rows = self._connection.execute(_BLOCKS, (*place, start, end)).fetchall()
        return [Block(first, number, last, table, count) for number, first, last, count in rows]

    def unpacked(self, blocks: Sequence[Block]) -> list[list[Any]]:
        return [unpack_block(TABLES[block.table], block.rows, self._data(block)) for block in blocks]

    def _data(self, block: Block) -> bytes:
        return self._connection.execute("SELECT data FROM block WHERE id = ?", (block.id,)).fetchone()[0]
