"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.knowledge_health_refused import KnowledgeHealthRefused


T = TypeVar("T", bound="KnowledgeHealth")


@_attrs_define
class KnowledgeHealth:
    """The global model: its `facts`, those `waiting` to be taken in, and changes not on disk yet (`unsaved`).

    Since the start: `refused` counts by reason facts that it could not keep, `coalesced` those that a later word
    overtook while they waited. `problem` says why the latest save failed.

        Attributes:
            facts (int):
            waiting (int):
            unsaved (int):
            coalesced (int):
            refused (KnowledgeHealthRefused):
            problem (None | str):
    """

    facts: int
    waiting: int
    unsaved: int
    coalesced: int
    refused: KnowledgeHealthRefused
    problem: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        facts = self.facts

        waiting = self.waiting

        unsaved = self.unsaved

        coalesced = self.coalesced

        refused = self.refused.to_dict()

        problem: None | str
        problem = self.problem

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "facts": facts,
                "waiting": waiting,
                "unsaved": unsaved,
                "coalesced": coalesced,
                "refused": refused,
                "problem": problem,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.knowledge_health_refused import KnowledgeHealthRefused  # noqa: PLC0415

        d = dict(src_dict)
        facts = d.pop("facts")

        waiting = d.pop("waiting")

        unsaved = d.pop("unsaved")

        coalesced = d.pop("coalesced")

        refused = KnowledgeHealthRefused.from_dict(d.pop("refused"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        knowledge_health = cls(
            facts=facts,
            waiting=waiting,
            unsaved=unsaved,
            coalesced=coalesced,
            refused=refused,
            problem=problem,
        )

        knowledge_health.additional_properties = d
        return knowledge_health

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
