"""Copies a ledger file and flips one bit in an event of it: `python ledger_copy.py LEDGER COPY`. Standard library only.

It runs where the ledger is, as the user who may read it.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def copy_and_flip(ledger: Path, copy: Path) -> None:
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
        (body,) = source.execute("SELECT body FROM events WHERE kind = 'call.outcome' LIMIT 1").fetchone()
    content = bytearray(copy.read_bytes())
    text = body if isinstance(body, bytes) else str(body).encode()
    content[content.index(text) + len(text) // 2] ^= 1
    copy.write_bytes(content)


if __name__ == "__main__":
    copy_and_flip(Path(sys.argv[1]), Path(sys.argv[2]))
