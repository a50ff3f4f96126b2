"""Which names are one machine, from all that clusters and measurements called their nodes."""

from __future__ import annotations

from ink_core.clock import Clock
from knowledge_graph.changes import Observation
from knowledge_graph.facts import NodeKind
from knowledge_graph.ingest.machines import SOURCE, facts_of_names
from manager.knowledge.knowledge import Knowledge


class MachinesFeeding:
    def __init__(self, knowledge: Knowledge, clock: Clock) -> None:
        self._knowledge, self._clock = knowledge, clock

    async def look(self) -> None:
        nodes = await self._knowledge.ask(lambda model: tuple(model.nodes(NodeKind.NODE)))
        await self._knowledge.observe(Observation(SOURCE, [*facts_of_names(nodes, self._clock.now())]))
