"""The global model as the settings want it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

from ink_core.clock import Clock
from ink_core.db import Database
from ink_core.settings.knowledge import KnowledgeSettings
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.sql import SqlKnowledgeStore
from manager.knowledge.knowledge import Knowledge

EXPIRE_S = 10.0


def open_knowledge(options: KnowledgeSettings, exits: AsyncExitStack, database: Database, clock: Clock) -> Knowledge:
    model = GlobalModel(most_facts=options.max_facts)
    knowledge = Knowledge(model, SqlKnowledgeStore(database), clock, options.max_waiting)
    exits.push_async_callback(knowledge.close)
    return knowledge


def housekeeping(
    options: KnowledgeSettings, knowledge: Knowledge
) -> Sequence[tuple[float, Callable[[], Awaitable[object]]]]:
    """What is to be done, and every how many seconds."""
    return [(options.save_s, knowledge.save), (EXPIRE_S, knowledge.expire)]
