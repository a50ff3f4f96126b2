"""Events as JSON lines, each with all that its hash is made of, so that an export can be checked against the ledger."""

from __future__ import annotations

from audit.canonical import canonical_text, time_text
from audit.ledger import Event


def json_line(event: Event) -> str:
    """Canonical JSON of one event; `erased` where personal content is gone."""
    return canonical_text(
        {
            "chain": event.chain,
            "seq": event.seq,
            "kind": event.kind,
            "time": time_text(event.time),
            "body": event.body,
            "seal": event.seal,
            "prev": event.prev,
            "hash": event.hash,
            "erased": event.erased,
        }
    )
