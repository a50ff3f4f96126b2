"""The global model in the whole manager: in its database, over a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge_graph.facts import Attribute, Layer, Origin
from tests.security.application import application

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FACT = Attribute("finding:1", "text", "/fs3 is slow on Mondays", Origin("human:alice", Layer.MEMORY, NOW, 0.8))


@pytest.mark.requirement("MODEL-GRAPH-03")
async def test_what_the_model_knew_is_known_after_a_restart(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        knowledge = app.state.platform.knowledge
        await knowledge.recover()
        await knowledge.change([FACT])
        await knowledge.settled()
        await knowledge.save()
    async with application(tmp_path) as app:
        knowledge = app.state.platform.knowledge
        await knowledge.recover()
        assert list(await knowledge.ask(lambda model: model.facts("finding:1", NOW))) == [FACT]
