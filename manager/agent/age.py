"""Times and ages in words that a model reads. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge_graph.context import rendering


def time_of(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def age(at: datetime, now: datetime) -> str:
    """How long ago, in whole units of the largest that fits; what lies ahead (clocks differ) is now."""
    return f"{rendering.age(max(0.0, (now - at).total_seconds()))} ago"
