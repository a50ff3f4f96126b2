"""From what a caller wants written to the sealed event: check, redact, set the personal parts aside, bound, chain.

Knows no database. An adapter stores of each event and its `Prepared`: chain, seq, kind, time, `text`, seal, prev, hash,
and `salt` and `private` where they may be deleted later; `restore` makes the event of them again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from audit.canonical import canonical_text, commitment, event_hash, time_text
from audit.ledger import Body, Event, Record
from audit.personal import split
from audit.redaction import redact, surely_clean
from ink_core.errors import BadInput

MAX_RECORD_BYTES = 8 * 1024 * 1024
MAX_NAME = 200
SALT_BYTES = 32


@dataclass(frozen=True)
class Prepared:
    """A checked and redacted record.

    `body` is all of it; `text` is the canonical JSON of its public part, `private` of its personal ones ('' where there
    are none), `seal` the commitment to those under `salt`.
    """

    kind: str
    body: dict[str, JsonValue]
    text: str
    private: str = ""
    salt: bytes = b""
    seal: str = ""


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
        body = dict(record.body)
        text, private = _texts(body)
        if not surely_clean(text + private):
            body = cast("dict[str, JsonValue]", redact(body))
            text, private = _texts(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput(f"the body of {record.kind} is not JSON: {error}") from error
    if len(text.encode()) + len(private.encode()) > MAX_RECORD_BYTES:
        raise BadInput(
            f"the body of {record.kind} is larger than {MAX_RECORD_BYTES} bytes; record a digest of it instead"
        )
    if not private:
        return Prepared(record.kind, body, text)
    salt = os.urandom(SALT_BYTES)
    return Prepared(record.kind, body, text, private, salt, commitment(salt, private))


def _texts(body: Body) -> tuple[str, str]:
    """Canonical JSON of the public and of the personal parts."""
    public, parts = split(body)
    return canonical_text(public), canonical_text(parts) if parts else ""


def seal(chain: str, records: Sequence[Prepared], head: Head, now: datetime) -> tuple[Event, ...]:
    """The next events of a chain that ends at `head`."""
    events: list[Event] = []
    time, seq, prev = time_text(now), head.seq, head.hash
    for record in records:
        seq += 1
        kind, sealed = record.kind, record.seal
        digest = event_hash(chain=chain, seq=seq, kind=kind, time=time, body=record.text, seal=sealed, prev=prev)
        events.append(Event(chain, seq, kind, now, record.body, prev, digest, sealed))
        prev = digest
    return tuple(events)


def restore(
    chain: str, seq: int, kind: str, time: str, text: str, seal: str, private: str | None, prev: str, digest: str
) -> Event:
    """The event as it was appended, or with placeholders where its personal parts are gone."""
    body = json.loads(text)
    if private:
        body |= json.loads(private)
    erased = bool(seal) and private is None
    return Event(chain, seq, kind, datetime.fromisoformat(time), body, prev, digest, seal, erased)
