"""From a host's tail to what lasts. Blocks come first and the parts that name them after: a part never lies.

A part that is of the next generation already was written by a fold that stopped halfway, and is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joblens.records import FileSample, JobKey
from joblens.store.blocks import pack_block
from joblens.store.files import latest
from joblens.store.grouping import Rows, by_job, extend
from joblens.store.opensearch.by_id import Documents
from joblens.store.opensearch.documents import HostState, Json, Part, bytes_of, id_of, job_id, part, part_id, text_of
from joblens.store.parts import Block
from joblens.store.raw import RAW_TABLES
from joblens.store.texts import stored
from joblens.store.wire import TABLES, decode

Action = tuple[Json, Json | None]


def fold_tail(documents: Documents, state: HostState) -> None:
    """Raises `StoreAway`; the next try goes on."""
    jobs = _rows_of_tail(documents, state)
    listed = documents.get("job", [job_id(key) for key in jobs])  # else it was removed while the tail held rows of it
    jobs = {key: rows for key, rows in jobs.items() if job_id(key) in listed}
    found = documents.get("part", [part_id(key, state.host) for key in jobs])
    blocks: list[Action] = []
    others: list[Action] = []
    for key, rows in jobs.items():
        known = part(key, state.host, found.get(part_id(key, state.host)))
        if known.generation <= state.generation:
            blocks += _add(documents, known, rows, state)
            others += _actions(documents, known, state.host)
    documents.change(blocks)
    documents.change(others)


def _rows_of_tail(documents: Documents, state: HostState) -> dict[JobKey, Rows]:
    ids = [id_of(state.host, sequence) for sequence, _, _ in state.tail]
    found = documents.get("batch", ids)
    jobs: dict[JobKey, Rows] = {}
    for each in ids:
        if each in found:
            for key, rows in by_job(decode(bytes_of(found[each]["_source"]["data"]))).items():
                extend(jobs.setdefault(key, {}), rows)
    return jobs


def _add(documents: Documents, known: Part, rows: Rows, state: HostState) -> list[Action]:
    """The rows to the part; its new blocks."""
    known.fold.add(rows)
    known.generation = state.generation + 1
    known.files = list(latest([*known.files, *rows.get("files", ())]).values())
    known.marks += rows.get("marks", [])
    owner = part_id(known.key, state.host)
    made = [_block(owner, known.generation, table, rows[table]) for table in RAW_TABLES if table in rows]
    known.blocks += [block for block, _ in made]
    return [documents.put("block", str(block.id), {"data": text_of(data), "part": owner}) for block, data in made]


def _block(owner: str, generation: int, table: str, rows: Sequence[Any]) -> tuple[Block, bytes]:
    times = [row.time for row in rows]
    block = Block(min(times), id_of(owner, table, generation), max(times), table, len(rows))
    return block, pack_block(TABLES[table], rows)


def _actions(documents: Documents, known: Part, host: str) -> list[Action]:
    """The part, when its job was seen last, and the figures of its files."""
    owner = part_id(known.key, host)
    actions = [documents.put("part", owner, known.document())]
    if known.fold.last:
        update = {"update": {"_index": documents.indices.own("job"), "_id": job_id(known.key)}}
        actions.append((update, {"doc": {"seen": known.fold.last.time}}))
    return actions + [file_action(documents, owner, file) for file in known.files]


def file_action(documents: Documents, owner: str, file: FileSample) -> Action:
    document = {
        "cluster": stored(file.key.cluster),
        "job": stored(file.key.job),
        "path": stored(file.path),
        "read_bytes": file.read_bytes,
        "seen": file.time,
        "part": owner,
    }
    return documents.put("file", id_of(owner, file.path, file.mount, file.traffic), document)
