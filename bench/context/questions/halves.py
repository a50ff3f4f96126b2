"""Which templates are held out of any tuning. The draw is by their names alone, so adding one moves no other.

The seed was fixed before anything was tuned, and is not changed.
"""

from __future__ import annotations

from hashlib import sha256

from bench.context.questions.question import Half

SEED = "2026-11-26"


def half_of(template: str) -> Half:
    drawn = sha256(f"{SEED} {template}".encode()).digest()[0]
    return Half.HELD_OUT if drawn % 2 else Half.TUNED
