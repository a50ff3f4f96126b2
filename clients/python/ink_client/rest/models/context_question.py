"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ContextQuestion")


@_attrs_define
class ContextQuestion:
    """
    Attributes:
        question (str):
        tokens (int | Unset): The budget that the facts have to fit into. Default: 1000.
    """

    question: str
    tokens: int | Unset = 1000

    def to_dict(self) -> dict[str, Any]:
        question = self.question

        tokens = self.tokens

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "question": question,
            }
        )
        if tokens is not UNSET:
            field_dict["tokens"] = tokens

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        question = d.pop("question")

        tokens = d.pop("tokens", UNSET)

        context_question = cls(
            question=question,
            tokens=tokens,
        )

        return context_question
