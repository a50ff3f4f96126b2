"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.context_fact import ContextFact


T = TypeVar("T", bound="ContextExplained")


@_attrs_define
class ContextExplained:
    """`text` is what a model is sent; `cut` are the best facts that had no room. `version` is that of the model.

    Attributes:
        text (str):
        tokens (int):
        facts (list[ContextFact]):
        cut (list[ContextFact]):
        version (int):
    """

    text: str
    tokens: int
    facts: list[ContextFact]
    cut: list[ContextFact]
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        tokens = self.tokens

        facts = []
        for facts_item_data in self.facts:
            facts_item = facts_item_data.to_dict()
            facts.append(facts_item)

        cut = []
        for cut_item_data in self.cut:
            cut_item = cut_item_data.to_dict()
            cut.append(cut_item)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
                "tokens": tokens,
                "facts": facts,
                "cut": cut,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.context_fact import ContextFact  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        tokens = d.pop("tokens")

        facts = []
        _facts = d.pop("facts")
        for facts_item_data in _facts:
            facts_item = ContextFact.from_dict(facts_item_data)

            facts.append(facts_item)

        cut = []
        _cut = d.pop("cut")
        for cut_item_data in _cut:
            cut_item = ContextFact.from_dict(cut_item_data)

            cut.append(cut_item)

        version = d.pop("version")

        context_explained = cls(
            text=text,
            tokens=tokens,
            facts=facts,
            cut=cut,
            version=version,
        )

        context_explained.additional_properties = d
        return context_explained

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
