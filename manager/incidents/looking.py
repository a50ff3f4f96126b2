"""Looks at the site: the scene as the model tells it, and the signs that the detectors see in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ink_core.clock import Clock
from knowledge_graph.incidents.machine import Looked
from knowledge_graph.incidents.scene import Scene
from knowledge_graph.incidents.signs import Sign
from knowledge_graph.incidents.watching import SceneWatcher
from knowledge_graph.reading import ReadableModel
from manager.incidents.knowledge import Knowledge

Detect = Callable[[Scene], Sequence[Sign]]


class SceneReader:
    def __init__(self, knowledge: Knowledge, clock: Clock, detect: Detect) -> None:
        self._knowledge = knowledge
        self._clock = clock
        self._detect = detect
        self._watcher: SceneWatcher | None = None

    async def read(self) -> Scene:
        return await self._knowledge.ask(self._scene)

    async def look(self) -> Looked:
        return await self._knowledge.ask(lambda model: self._looked(self._scene(model)))

    def _looked(self, scene: Scene) -> Looked:
        return Looked(scene.at, self._detect(scene), scene.blind)

    def _scene(self, model: ReadableModel) -> Scene:
        if self._watcher is None:
            self._watcher = SceneWatcher(model)
        return self._watcher.scene(self._clock.now())
