"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.told_fact import ToldFact


T = TypeVar("T", bound="EntityDescription")


@_attrs_define
class EntityDescription:
    """`disputed`: attributes that sources disagree on; each is told with its source and time. `more` were left out.

    Attributes:
        node (str):
        facts (list[ToldFact]):
        more (int):
        disputed (list[str]):
    """

    node: str
    facts: list[ToldFact]
    more: int
    disputed: list[str]

    def to_dict(self) -> dict[str, Any]:
        node = self.node

        facts = []
        for facts_item_data in self.facts:
            facts_item = facts_item_data.to_dict()
            facts.append(facts_item)

        more = self.more

        disputed = self.disputed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "node": node,
                "facts": facts,
                "more": more,
                "disputed": disputed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.told_fact import ToldFact  # noqa: PLC0415

        d = dict(src_dict)
        node = d.pop("node")

        facts = []
        _facts = d.pop("facts")
        for facts_item_data in _facts:
            facts_item = ToldFact.from_dict(facts_item_data)

            facts.append(facts_item)

        more = d.pop("more")

        disputed = cast(list[str], d.pop("disputed"))

        entity_description = cls(
            node=node,
            facts=facts,
            more=more,
            disputed=disputed,
        )

        return entity_description
