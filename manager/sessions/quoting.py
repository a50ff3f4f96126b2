"""What may be quoted in a message: output of terminals of one's own workers, as confidential as what these can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ink_core.identity.principal import Principal
from ink_core.labels import Integrity, Label, most_confidential
from manager.agent.egress import may_see, refused
from manager.agent.quotes import Quote, Quoted
from manager.sessions.own_workers import OwnWorkers
from manager.sessions.view import SessionView
from mcp_tools.path_labels import PathLabels
from mcp_tools.result_labels import Mounts, of_worker


class OwnMounts(OwnWorkers, Mounts, Protocol):
    """Whose a worker is, and what its programs can read."""


@dataclass(frozen=True)
class Quoting:
    workers: OwnMounts
    path_labels: PathLabels

    def quoted(self, principal: Principal, quotes: Sequence[Quote]) -> Quoted | None:
        """Raises `WorkerNotFound`."""
        if not quotes:
            return None
        for quote in quotes:
            self.workers.owned(principal.username, quote.worker_id)
        reached = [of_worker(self.path_labels, self.workers, quote.worker_id) for quote in quotes]
        return Quoted(tuple(quotes), Label(most_confidential(reached), Integrity.UNTRUSTED))


def check_quotable(view: SessionView, quoted: Quoted | None) -> None:
    """Raises `EgressRefused` where the session's model may not see what is quoted; nothing is recorded then."""
    if quoted and not may_see(view.trust, quoted.label.confidentiality):
        raise refused(view.model, view.trust, quoted.label.confidentiality)
