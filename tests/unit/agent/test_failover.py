"""Fail-over along a chain of one trust class."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from manager.agent.failover import FailoverModel, MixedTrust
from manager.agent.model import (
    ModelRefusedCredentials,
    ModelReply,
    ModelRequest,
    ModelUnreachable,
    TextDelta,
    TrustClass,
)

REQUEST = ModelRequest("", (), ())


class Fixed:
    """A model that says its pieces, and then fails where it is told to."""

    def __init__(
        self, name: str, *pieces: str, error: Exception | None = None, trust: TrustClass = TrustClass.SITE
    ) -> None:
        self.name = name
        self.trust = trust
        self._pieces = pieces
        self._error = error
        self.asked = 0

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        self.asked += 1
        for piece in self._pieces:
            yield TextDelta(piece)
        if self._error:
            raise self._error
        yield ModelReply("".join(self._pieces), ())


async def said(model: FailoverModel) -> list[str]:
    return [piece.text async for piece in model.stream(REQUEST)]


@pytest.mark.requirement("AGENT-PROVIDER-05")
@pytest.mark.parametrize("error", [ModelUnreachable("down"), ModelRefusedCredentials("401")])
async def test_a_model_that_fails_before_it_answers_is_left_for_the_next(error: Exception) -> None:
    chain = FailoverModel([Fixed("first", error=error), Fixed("second", "hello")])
    assert await said(chain) == ["hello", "hello"]


async def test_a_model_that_fails_in_its_answer_is_not_replaced() -> None:
    second = Fixed("second", "hello")
    with pytest.raises(ModelUnreachable):
        await said(FailoverModel([Fixed("first", "hel", error=ModelUnreachable("cut")), second]))
    assert second.asked == 0


async def test_the_error_of_the_last_model_is_the_answer() -> None:
    with pytest.raises(ModelRefusedCredentials):
        await said(
            FailoverModel([Fixed("a", error=ModelUnreachable("x")), Fixed("b", error=ModelRefusedCredentials("y"))])
        )


@pytest.mark.requirement("AGENT-PROVIDER-05")
def test_a_chain_never_leaves_its_trust_class() -> None:
    with pytest.raises(MixedTrust, match="external, site"):
        FailoverModel([Fixed("a"), Fixed("b", trust=TrustClass.EXTERNAL)])


def test_a_chain_of_nothing_is_refused() -> None:
    with pytest.raises(MixedTrust):
        FailoverModel([])
