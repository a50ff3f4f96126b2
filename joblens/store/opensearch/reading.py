"""A job's parts: the folded documents of each host, and the rows of its tail. `Blocks` for what is asked of them.

Hosts are read before parts, and parts before batches. A fold in between shows: a part is of a later generation than its
host and has the tail already, or a batch is gone, and everything is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joblens.errors import StoreAway
from joblens.records import JobKey
from joblens.store.blocks import unpack_block
from joblens.store.grouping import Rows, joined
from joblens.store.opensearch.by_id import Documents
from joblens.store.opensearch.documents import HostState, Part, bytes_of, host_state, id_of, job_id, part, part_id
from joblens.store.parts import Block, HostPart
from joblens.store.summary import not_recorded
from joblens.store.tails import TailCache
from joblens.store.wire import TABLES

MAX_TRIES = 5
Hosts = Mapping[JobKey, Sequence[str]]


class Reader:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._tails = TailCache()

    def parts(self, key: JobKey) -> list[HostPart]:
        """Raises `JobNotRecorded`, `StoreAway`, and `ValueError` for what no writer wrote."""
        found = self._documents.get("job", [job_id(key)])
        if not found:
            raise not_recorded(key)
        return self.parts_of({key: found[job_id(key)]["_source"]["hosts"]})[key]

    def parts_of(self, jobs: Hosts) -> dict[JobKey, list[HostPart]]:
        for _ in range(MAX_TRIES):
            if (found := self._try(jobs)) is not None:
                return found
        raise StoreAway("The records change too fast to be read; ask again.")

    def _try(self, jobs: Hosts) -> dict[JobKey, list[HostPart]] | None:
        names = {host for hosts in jobs.values() for host in hosts}
        documents = self._documents.get("host", [id_of(name) for name in names])
        hosts = {name: host_state(name, documents.get(id_of(name))) for name in names}
        folded = self._documents.get("part", [part_id(key, host) for key, hosts in jobs.items() for host in hosts])
        tails = self._read_tails(list(hosts.values()))
        if tails is None:
            return None
        return {
            key: [
                _together(part(key, name, folded.get(part_id(key, name))), hosts[name], tails[name])
                for name in sorted(jobs[key])
            ]
            for key in jobs
        }

    def _read_tails(self, hosts: Sequence[HostState]) -> dict[str, list[dict[JobKey, Rows]]] | None:
        places = {host.host: [id_of(host.host, sequence) for sequence, _, _ in host.tail] for host in hosts}
        missing = [place for each in places.values() for place in each if self._tails.get(place) is None]
        held = self._documents.get("batch", missing)
        if len(held) < len(missing):
            return None
        fresh = {place: self._tails.put(place, bytes_of(held[place]["_source"]["data"])) for place in missing}
        return {host: [fresh.get(place) or self._tails.get(place) or {} for place in places[host]] for host in places}

    def blocks(self, part: HostPart, table: str, start: float, end: float, *, and_before: bool = False) -> list[Block]:
        known = [block for block in part.place if block.table == table]
        if and_before:
            start = max((block.last for block in known if block.last < start), default=start)
        return sorted(block for block in known if block.last >= start and block.first <= end)

    def unpacked(self, blocks: Sequence[Block]) -> list[list[Any]]:
        found = self._documents.get("block", [str(block.id) for block in blocks])
        if len(found) < len({block.id for block in blocks}):
            raise StoreAway("Blocks of the job are gone: it is being removed.")
        return [
            unpack_block(TABLES[block.table], block.rows, bytes_of(found[str(block.id)]["_source"]["data"]))
            for block in blocks
        ]


def _together(known: Part, host: HostState, tail: Sequence[Mapping[JobKey, Rows]]) -> HostPart:
    has_tail = known.generation > host.generation
    rows = {} if has_tail else joined(batch[known.key] for batch in tail if known.key in batch)
    return HostPart(host.host, host.heard, known.fold, rows, tuple(known.blocks), known.files, known.marks)
