"""The provenance of every session that makes calls, kept by folding what its chain gained since the last look."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from audit.chains import session_chain
from audit.folds import ChainFolds
from audit.ledger import Ledger
from ink_core.errors import UnknownTool
from manager.gate.admission import Proposal
from manager.gate.keyed_locks import KeyedLocks
from manager.gate.policy import Origin
from manager.gate.provenance import Provenance, fold, untrusted_arguments
from mcp_tools.catalogue import Catalogue
from mcp_tools.spec import Risk

KEPT = 1_000


class Provenances:
    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._chains = ChainFolds(ledger, Provenance(), lambda state, event: fold(state, event, catalogue), KEPT)
        self._locks = KeyedLocks()

    @asynccontextmanager
    async def labelled(self, proposal: Proposal) -> AsyncGenerator[Proposal]:
        """The proposal with what its arguments derive from; a call that is not the model's is its author's own words.

        A session's calls go one after the other until they are recorded, so that each spends its own step of a plan.
        """
        if proposal.origin is not Origin.MODEL:
            yield proposal
            return
        async with self._locks.holding(proposal.chain):
            provenance = await self.of(proposal.chain)
            untrusted = self._untrusted(provenance, proposal)
            seen = provenance.asked.confidentiality
            others = await self._authors(provenance) - {proposal.principal.username}
            yield replace(proposal, untrusted_arguments=untrusted, confidentiality=seen, authors=others)

    async def _authors(self, provenance: Provenance) -> frozenset[str]:
        """Whose words may have moved it: for a sub-agent those who wrote to the conversation above it."""
        above = await self.of(session_chain(provenance.root)) if provenance.root else provenance
        return provenance.authors | above.authors

    async def wants_plan(self, chain: str, tool: str, readers: frozenset[str] = frozenset()) -> bool:
        """Whether a plan of this turn could make a difference to a call of the model, and there is none yet.

        To what only reads it could where others are `readers` of what it brings.
        """
        provenance = await self.of(chain)
        reads = any(spec.name == tool and spec.risk is Risk.READ for spec in self._catalogue)
        return provenance.tainted and provenance.plan is None and not (reads and not readers)

    def _untrusted(self, provenance: Provenance, proposal: Proposal) -> frozenset[str]:
        try:
            spec = self._catalogue.get(proposal.tool)
        except UnknownTool:
            return frozenset()  # refused for that
        return untrusted_arguments(provenance, spec, proposal.arguments)

    async def of(self, chain: str) -> Provenance:
        return await self._chains.of(chain)
