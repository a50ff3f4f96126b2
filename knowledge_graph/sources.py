"""Which source says something of which nodes, and when the first of it expires: so that nothing scans the graph."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from knowledge_graph.facts import Fact, NodeId


class Sources:
    def __init__(self) -> None:
        self._facts_of: dict[str, dict[NodeId, int]] = {}
        self._first_expiry: dict[str, datetime] = {}
        self._confirmed: dict[str, datetime] = {}

    def came(self, fact: Fact) -> None:
        facts_of = self._facts_of.setdefault(fact.origin.source, {})
        facts_of[fact.subject] = facts_of.get(fact.subject, 0) + 1

    def went(self, fact: Fact) -> None:
        source, subject = fact.origin.source, fact.subject
        facts_of = self._facts_of[source]
        facts_of[subject] -= 1
        if not facts_of[subject]:
            del facts_of[subject]
        if not facts_of:
            del self._facts_of[source]
            self._first_expiry.pop(source, None)
            self._confirmed.pop(source, None)

    def confirm(self, source: str, at: datetime) -> None:
        """All that the source says held at that time."""
        if source in self._facts_of:
            self._confirmed[source] = at

    def seen_at(self, fact: Fact) -> datetime:
        observed_at = fact.origin.observed_at
        return max(observed_at, self._confirmed.get(fact.origin.source, observed_at))

    def expects(self, fact: Fact) -> None:
        """The fact is to be looked at when it expires."""
        expires_at = fact.origin.expires_at
        if expires_at is not None:
            source = fact.origin.source
            self._first_expiry[source] = min(expires_at, self._first_expiry.get(source, expires_at))

    def subjects(self, source: str) -> Collection[NodeId]:
        """The nodes of which the source says something."""
        return self._facts_of.get(source, {}).keys()

    def take_due(self, now: datetime) -> Collection[str]:
        """Sources of which some fact may have expired; each is due again when one is expected again."""
        due = [source for source, first in self._first_expiry.items() if first <= now]
        for source in due:
            del self._first_expiry[source]
        return due
