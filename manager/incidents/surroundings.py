"""What the global model knows around an incident: a context pack for whoever looks at it.

At most as confidential as data of users, so that the diagnosis is, whatever lies near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.errors import InkError
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality
from knowledge_graph.context.pack import ContextPack
from knowledge_graph.facts import name_of
from knowledge_graph.incidents.incident import Incident
from mcp_tools.incident_views import PackedFactView, narrowed
from mcp_tools.incidents import AROUND_LABEL

BUDGET = 1500
NAMED = 5


class Explained(Protocol):
    async def __call__(
        self, question: str, principal: Principal, budget: int, most: Confidentiality = ...
    ) -> ContextPack: ...


class Surroundings:
    def __init__(self, explained: Explained) -> None:
        self._explained = explained

    async def around(self, principal: Principal, incident: Incident) -> tuple[str, Sequence[PackedFactView]]:
        """The pack as text and its facts; where there is none now, why."""
        asked = question_about(narrowed(principal, incident))
        try:
            pack = await self._explained(asked, principal, BUDGET, AROUND_LABEL.confidentiality)
        except InkError as error:
            return f"Nothing is told of what is around it: {error}", ()
        return pack.text, [
            PackedFactView(id=fact.id, text=fact.text, source=fact.source, age_s=fact.age_s, why=fact.why)
            for fact in pack.facts
        ]


def question_about(incident: Incident) -> str:
    """Names what it is about, so that the walk over the model begins there."""
    sign = incident.sign
    jobs = ", ".join(name_of(one.job) for one in sign.jobs[:NAMED])
    affected = f" Affected: jobs {jobs}." if jobs else ""
    where = f" on cluster {sign.cluster}" if sign.cluster else ""
    return (
        f"{incident.id}: {sign.title}{where}. What is the cause of it at {name_of(sign.subject)}? {sign.text}{affected}"
    )
