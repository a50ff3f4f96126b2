"""The store in one SQLite file, for one node or a site of moderate size; standard library alone.

New batches are rows of `tail`, as they travel (`joblens.store.wire`). Every so often the batches of a host are folded:
each job's rows become compressed blocks, its running summary and its files' latest figures are brought up to date, and
the batches go. A reader takes the folded part and adds the tail to it, in one transaction.
"""

from __future__ import annotations

from joblens.store.embedded.store import EmbeddedStore

__all__ = ["EmbeddedStore"]
