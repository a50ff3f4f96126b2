"""A job as the file holds it: the folded part of each host, and the rows of its tail, unpacked once for all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from joblens.records import JobKey
from joblens.store.blocks import unpack_block
from joblens.store.embedded.folding import KINDS
from joblens.store.fold_codec import unpack_fold
from joblens.store.folding import HostFold
from joblens.store.grouping import Rows, joined
from joblens.store.parts import Block, HostPart
from joblens.store.summary import not_recorded
from joblens.store.tails import TailCache
from joblens.store.texts import stored
from joblens.store.wire import TABLES

_JOB = "SELECT id FROM job WHERE cluster = ? AND job = ?"
_HOSTS = (
    "SELECT host.id, host.name, host.heard, fold FROM job_host JOIN host ON host.id = host_id "
    "WHERE job_id = ? ORDER BY host.id"
)
_BLOCKS = (
    "SELECT id, first, last, rows FROM block WHERE job_id = ? AND host_id = ? AND kind = ? "
    "AND last >= ? AND first <= ? ORDER BY first, id"
)
_TAIL = "SELECT json_group_array(sequence) FROM (SELECT sequence FROM tail WHERE host_id = ? ORDER BY sequence)"
_BATCHES = "SELECT json_group_object(sequence, hex(batch)) FROM tail WHERE host_id = ? AND sequence BETWEEN ? AND ?"
"""As one row each: for every row that SQLite steps to, this thread would have to wait for the interpreter again, some
milliseconds each while the manager is busy."""
_BEFORE = "SELECT max(last) FROM block WHERE job_id = ? AND host_id = ? AND kind = ? AND last < ?"


class Reader:
    """Inside a snapshot of its connection. `tails` may be that of others too."""

    def __init__(self, connection: sqlite3.Connection, tails: TailCache) -> None:
        self.connection = connection
        self._tails = tails

    def parts(self, key: JobKey) -> list[HostPart]:
        """Raises `JobNotRecorded`."""
        row = self.connection.execute(_JOB, (stored(key.cluster), stored(key.job))).fetchone()
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
            for host_id, host, heard, fold in self.connection.execute(_HOSTS, (job_id,)).fetchall()
        ]

    def tail(self, host_id: int) -> Iterator[dict[JobKey, Rows]]:
        """The batches of a host that are not folded yet, by job."""
        sequences: list[int] = json.loads(self._one(_TAIL, host_id))
        held = {sequence: self._tails.get((host_id, sequence)) for sequence in sequences}
        if missing := [sequence for sequence, batch in held.items() if batch is None]:
            found: dict[str, str] = json.loads(self._one(_BATCHES, host_id, missing[0], missing[-1]))
            held |= {each: self._tails.put((host_id, each), bytes.fromhex(found[str(each)])) for each in missing}
        return filter(None, held.values())

    def _one(self, question: str, *values: int) -> str:
        return self.connection.execute(question, values).fetchone()[0]

    def blocks(self, part: HostPart, table: str, start: float, end: float, *, and_before: bool = False) -> list[Block]:
        place = (*part.place, KINDS[table])
        if and_before:
            (before,) = self.connection.execute(_BEFORE, (*place, start)).fetchone()
            start = start if before is None else before
        rows = self.connection.execute(_BLOCKS, (*place, start, end)).fetchall()
        return [Block(first, number, last, table, count) for number, first, last, count in rows]

    def unpacked(self, blocks: Sequence[Block]) -> list[list[Any]]:
        return [unpack_block(TABLES[block.table], block.rows, self._data(block)) for block in blocks]

    def _data(self, block: Block) -> bytes:
        return self.connection.execute("SELECT data FROM block WHERE id = ?", (block.id,)).fetchone()[0]
