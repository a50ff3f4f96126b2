"""From what a caller wants written to the sealed event: check, redact, bound, chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from audit.canonical import canonical_text, event_hash, time_text
from audit.ledger import Event, Record
from audit.redaction import redact
from ink_core.errors import BadInput

MAX_RECORD_BYTES = 8 * 1024 * 1024
MAX_NAME = 200


@dataclass(frozen=True)
class Prepared:
    """A checked and redacted record; `text` is the canonical JSON of `body`."""

    kind: str
    body: dict[str, JsonValue]
    text: str


@dataclass(frozen=True)
class Head:
    """Where a chain ends."""

    seq: int = 0
    hash: str = ""


def prepare(chain: str, records: Sequence[Record]) -> tuple[Prepared, ...]:
    """Everything that can be wrong with a record is found here, before anything is queued. Raises `BadInput`."""
    if not 0 < len(chain) <= MAX_NAME or not chain.isprintable():
        raise BadInput(f"a chain's name has 1 to {MAX_NAME} printable characters, not {chain[:50]!r}")
    if not records:
        raise BadInput("append at least one record")
    return tuple(_prepare(record) for record in records)


def _prepare(record: Record) -> Prepared:
    if not 0 < len(record.kind) <= MAX_NAME or not record.kind.isprintable():
        raise BadInput(f"a record's kind has 1 to {MAX_NAME} printable characters, not {record.kind[:50]!r}")
    try:
        body = cast(dict[str, JsonValue], redact(dict(record.body)))
        text = canonical_text(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput(f"the body of {record.kind} is not JSON: {error}") from error
    if len(text.encode()) > MAX_RECORD_BYTES:
        raise BadInput(
            f"the body of {record.kind} is larger than {MAX_RECORD_BYTES} bytes; record a digest of it instead"
        )
    return Prepared(record.kind, body, text)


def seal(chain: str, records: Sequence[Prepared], head: Head, now: datetime) -> tuple[Event, ...]:
    """The next events of a chain that ends at `head`."""
    events: list[Event] = []
    time, seq, prev = time_text(now), head.seq, head.hash
    for record in records:
        seq += 1
        digest = event_hash(chain=chain, seq=seq, kind=record.kind, time=time, body=record.text, prev=prev)
        events.append(Event(chain, seq, record.kind, now, record.body, prev, digest))
        prev = digest
    return tuple(events)
