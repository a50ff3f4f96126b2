"""What the documents hold, and under which ids: from the values of the store to JSON and back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from joblens.records import FileSample, JobKey, Mark, MarkKind
from joblens.store.blocks import pack_block, unpack_block
from joblens.store.fold_codec import pack_fold, unpack_fold
from joblens.store.folding import HostFold
from joblens.store.parts import Block
from joblens.store.sequences import Ranges
from joblens.store.texts import stored

Json = dict[str, Any]
MAX_ID = 500
Version = Json
"""Of a document that was read: `if_seq_no` and `if_primary_term` of the next change; to make one, `op_type` create."""


def id_of(*names: object) -> str:
    """At most 512 bytes, which is what the server takes; no two lists of names have the same."""
    text = "|".join(quote(stored(str(name)), safe="") for name in names)
    return text if len(text) <= MAX_ID else sha256(text.encode()).hexdigest()


def job_id(key: JobKey) -> str:
    return id_of(*key)


def part_id(key: JobKey, host: str) -> str:
    return id_of(*key, host)


@dataclass(slots=True)
class HostState:
    """Of one host. `tail`: sequence, bytes and time of each batch that is not folded. A fold that is under way has
    `folding`; the parts that it has written are of `generation` + 1 and hold that tail already."""

    host: str
    version: Version
    heard: float = 0.0
    kept: Ranges = field(default_factory=list[list[int]])
    tail: list[tuple[int, int, float]] = field(default_factory=list[tuple[int, int, float]])
    generation: int = 0
    folding: bool = False

    def document(self) -> Json:
        state = {"kept": self.kept, "tail": self.tail, "generation": self.generation, "folding": self.folding}
        return {"host": stored(self.host), "heard": self.heard, "state": state}


def host_state(host: str, found: Json | None) -> HostState:
    if found is None:
        return HostState(host, version_of(None))
    source, state = found["_source"], found["_source"]["state"]
    tail = [(sequence, size, time) for sequence, size, time in state["tail"]]
    return HostState(
        host, version_of(found), source["heard"], state["kept"], tail, state["generation"], state["folding"]
    )


@dataclass(slots=True)
class Part:
    """A job on one host, as far as it is folded."""

    key: JobKey
    fold: HostFold
    generation: int = 0
    blocks: list[Block] = field(default_factory=list[Block])
    files: list[FileSample] = field(default_factory=list[FileSample])
    marks: list[Mark] = field(default_factory=list[Mark])

    def document(self) -> Json:
        state = {
            "fold": text_of(pack_fold(self.fold)),
            "generation": self.generation,
            "blocks": self.blocks,
            "files": [len(self.files), text_of(pack_block(FileSample, self.files))],
            "marks": [[mark.time, mark.kind, stored(mark.text)] for mark in self.marks],
        }
        return {"state": state}


def part(key: JobKey, host: str, found: Json | None) -> Part:
    """Raises `ValueError` where the document holds what no writer wrote."""
    if found is None:
        return Part(key, HostFold(host))
    state = found["_source"]["state"]
    count, files = state["files"]
    return Part(
        key,
        unpack_fold(key, host, bytes_of(state["fold"])),
        state["generation"],
        [Block(*block) for block in state["blocks"]],
        unpack_block(FileSample, count, bytes_of(files)),
        [Mark(key, time, MarkKind(kind), text) for time, kind, text in state["marks"]],
    )


def job_document(key: JobKey) -> Json:
    """Of a job that nobody has seen."""
    names: dict[str, list[str]] = {"hosts": [], "open_hosts": [], "users": [], "names": []}
    return {"cluster": stored(key.cluster), "job": stored(key.job), "seen": 0.0, "ended": False, **names}


def with_name(names: Iterable[str], name: str) -> list[str]:
    return sorted({*names, stored(name)})


def version_of(found: Mapping[str, Any] | None) -> Version:
    if found is None:
        return {"op_type": "create"}
    return {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}


def write_action(index: str, document_id: str, version: Version) -> Json:
    """Of a bulk request: makes it or changes it, only if nobody else did meanwhile."""
    if "op_type" in version:
        return {"create": {"_index": index, "_id": document_id}}
    return {"index": {"_index": index, "_id": document_id, **version}}


def text_of(data: bytes) -> str:
    return b64encode(data).decode()


def bytes_of(text: str) -> bytes:
    """Raises `ValueError`."""
    return b64decode(text, validate=True)


def chunks(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
