"""Detectors: pure functions from a scene to signs. Each says in words what it saw, with the facts that say so.

Their limits are said where they are; none was fitted to a site.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge_graph.incidents.detectors.black_holes import black_holes
from knowledge_graph.incidents.detectors.held import jobs_held
from knowledge_graph.incidents.detectors.nodes import nodes_down
from knowledge_graph.incidents.detectors.queues import queues_stuck, schedds_away
from knowledge_graph.incidents.detectors.storage import file_systems_full, slow_file_systems
from knowledge_graph.incidents.scene import Scene
from knowledge_graph.incidents.signs import Sign

Detector = Callable[[Scene], Sequence[Sign]]

DETECTORS: tuple[Detector, ...] = (
    nodes_down,
    schedds_away,
    file_systems_full,
    jobs_held,
    black_holes,
    slow_file_systems,
    queues_stuck,
)


def signs_in(scene: Scene) -> Sequence[Sign]:
    """What all detectors see."""
    return [sign for detector in DETECTORS for sign in detector(scene)]
