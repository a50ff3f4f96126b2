"""Follows the queues of the platform and leaves marks on measured jobs: held, put back, a checkpoint sent.

What changes between two looks is in the feed of the mirror. A job that no collector has told yet may be told soon: its
mark waits for a while. Limits: what happened while the manager was away leaves no mark.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from ink_core.compute.changes import ChangesLost
from ink_core.compute.queue_index import EVERYBODY
from ink_core.errors import InkError
from joblens.query.lens import Lens
from joblens.query.queue_marks import QueueMarks
from joblens.records import Mark

WATCH_S = 2.0
PATIENCE_S = 60.0
MOST_WAITING = 1_000
_log = logging.getLogger(__name__)


@dataclass
class _Followed:
    marks: QueueMarks
    number: int


class QueueWatch:
    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._followed: dict[str, _Followed] = {}
        self._waiting: deque[Mark] = deque(maxlen=MOST_WAITING)

    async def work(self) -> None:
        """Marks of what has changed since the last time, and those that wait."""
        for cluster in self._lens.queues.clusters():
            self._waiting.extend(self._news(cluster))
        for _ in range(len(self._waiting)):
            mark = self._waiting.popleft()
            if not await self._is_kept(mark) and self._lens.now() - mark.time < PATIENCE_S:
                self._waiting.append(mark)

    def _news(self, cluster: str) -> Iterator[Mark]:
        followed = self._followed.get(cluster)
        try:
            if followed is None:
                self._begin(cluster)
                return
            changes = self._lens.queues.feed(cluster).since(followed.number, EVERYBODY)
        except ChangesLost:
            _log.warning("cluster %s: more changed at once than is kept; jobs held meanwhile get no mark", cluster)
            del self._followed[cluster]
            return
        except InkError:  # the cluster has not answered yet
            return
        for one in changes:
            followed.number = one.number
            yield from followed.marks.take(one.change, self._lens.now())

    def _begin(self, cluster: str) -> None:
        queues = self._lens.queues
        self._followed[cluster] = _Followed(QueueMarks(queues.snapshot(cluster).jobs), queues.feed(cluster).last)

    async def _is_kept(self, mark: Mark) -> bool:
        try:
            summary = await self._lens.store.ask(lambda store: store.summary(mark.key))
            hosts = [info.host for info in summary.infos]
            if hosts:
                await self._lens.leave(mark, hosts[-1], summary.last_seen)
        except InkError:  # not recorded yet, or the store is away
            return False
        return bool(hosts)


def open_queue_watch(lens: Lens | None) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
    """What is to run in the background, and how often; nothing where JobLens is off."""
    return [(WATCH_S, QueueWatch(lens).work)] if lens else []
