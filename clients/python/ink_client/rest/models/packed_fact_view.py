"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="PackedFactView")


@_attrs_define
class PackedFactView:
    """
    Attributes:
        id (str):
        text (str):
        source (str):
        age_s (float):
        why (str):
    """

    id: str
    text: str
    source: str
    age_s: float
    why: str

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        text = self.text

        source = self.source

        age_s = self.age_s

        why = self.why

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "text": text,
                "source": source,
                "age_s": age_s,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        text = d.pop("text")

        source = d.pop("source")

        age_s = d.pop("age_s")

        why = d.pop("why")

        packed_fact_view = cls(
            id=id,
            text=text,
            source=source,
            age_s=age_s,
            why=why,
        )

        return packed_fact_view
