"""Nodes of DAGs: when a job may begin that waits for others, and what becomes of it when they end badly."""

from __future__ import annotations

import sqlite3

_CANCEL = """
UPDATE jobs SET state = 'CANCELLED', ended_at = ?, reason_code = 'dependency',
    reason = 'it waited for ' || waits_for || ', which did not end well'
WHERE waits_for IS NOT NULL AND ended_at IS NULL AND EXISTS (
    SELECT 1 FROM clusters child, json_each(child.parents) parent JOIN jobs before ON before.cluster_id = parent.value
    WHERE child.cluster_id = jobs.cluster_id AND before.ended_at IS NOT NULL AND before.state != 'COMPLETED')
"""
_FREE = """
UPDATE jobs SET waits_for = NULL
WHERE waits_for IS NOT NULL AND ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM clusters child, json_each(child.parents) parent JOIN jobs before ON before.cluster_id = parent.value
    WHERE child.cluster_id = jobs.cluster_id AND before.state != 'COMPLETED')
"""


def settle(connection: sqlite3.Connection, now: float) -> None:
    """Frees jobs whose parents have all ended well; cancels those that can never begin, and what waits for them."""
    while connection.execute(_CANCEL, (now,)).rowcount:
        pass
    connection.execute(_FREE)
