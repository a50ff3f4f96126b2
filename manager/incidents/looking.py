"""Looks at the site: the scene as the model tells it, and the signs that the detectors see in it.

The model is asked for a few milliseconds at a time, and the detectors work in a thread of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ink_core.clock import Clock
from knowledge_graph.incidents.machine import Looked
from knowledge_graph.incidents.scene import Scene
from knowledge_graph.incidents.signs import Sign
from knowledge_graph.incidents.watching import SceneWatcher
from knowledge_graph.reading import ReadableModel
from manager.incidents.running_model import RunningModel

Detect = Callable[[Scene], Sequence[Sign]]
MOST_PIECES = 200
"""Where jobs change faster than they are read, the rest is read at once."""


class SceneReader:
    def __init__(self, knowledge: RunningModel, clock: Clock, detect: Detect) -> None:
        self._knowledge = knowledge
        self._clock = clock
        self._detect = detect
        self._watcher: SceneWatcher | None = None

    async def read(self) -> Scene:
        for _ in range(MOST_PIECES):
            if not await self._knowledge.ask(lambda model: self._watching(model).catch_up(self._clock.now())):
                break
        return await self._knowledge.ask(lambda model: self._watching(model).scene(self._clock.now()))

    async def look(self) -> Looked:
        scene = await self.read()
        return Looked(scene.at, await asyncio.to_thread(self._detect, scene), scene.blind)

    def _watching(self, model: ReadableModel) -> SceneWatcher:
        if self._watcher is None:
            self._watcher = SceneWatcher(model)
        return self._watcher
