"""What is said of bad input has the words of JSON and YAML."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, Field, JsonValue, ValidationError

from ink_core.complaints import in_plain_words


def _refuse(value: str) -> str:
    raise ValueError(f"{value} is no valid tuple of ours")


class Asked(BaseModel):
    ids: Annotated[tuple[int, ...], Field(max_length=1)] = ()
    words: frozenset[str] = frozenset()
    name: Annotated[str, AfterValidator(_refuse)] = ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"ids": 12}, "Input should be a valid list"),
        ({"ids": [1, 2]}, "List should have at most 1 item after validation, not 2"),
        ({"words": 12}, "Input should be a valid list"),
        ({"name": "this"}, "this is no valid tuple of ours"),
    ],
)
def test_a_list_is_called_a_list(asked: dict[str, JsonValue], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(asked)
    assert in_plain_words(refused.value.errors()[0]["msg"]) == said
