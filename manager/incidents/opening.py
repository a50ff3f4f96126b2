"""The part of the platform that watches over the site, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from audit.ledger import Ledger
from ink_core.clock import Clock
from ink_core.compute.queues import Queues
from joblens.query.lens import Lens
from knowledge_graph.incidents.detectors import signs_in
from knowledge_graph.incidents.incident import Incident
from knowledge_graph.incidents.remembering import observation_of
from manager.incidents.desk import IncidentDesk
from manager.incidents.looking import SceneReader
from manager.incidents.running_model import RunningModel
from manager.incidents.site import SiteReader
from manager.incidents.surroundings import Explained, Surroundings

LOOK_S = 30.0


@dataclass(frozen=True)
class Watch:
    """`background` is what is to be done every so many seconds."""

    desk: IncidentDesk
    site: SiteReader

    @property
    def background(self) -> Sequence[tuple[float, Callable[[], Awaitable[object]]]]:
        return [(LOOK_S, self.desk.look)]


def open_watch(
    ledger: Ledger,
    clock: Clock,
    queues: Queues,
    lens: Lens | None,
    knowledge: RunningModel,
    schedulers: Mapping[str, str],
    explained: Explained,
) -> Watch:
    scenes = SceneReader(knowledge, clock, signs_in)

    async def tell(incidents: Sequence[Incident]) -> None:
        await knowledge.observe(observation_of(incidents))

    desk = IncidentDesk(ledger, clock, scenes.look, Surroundings(explained).around, tell)
    return Watch(desk, SiteReader(queues, scenes, desk, lens, clock, schedulers))
