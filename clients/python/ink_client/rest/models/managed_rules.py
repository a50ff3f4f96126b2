"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.managed_rule import ManagedRule


T = TypeVar("T", bound="ManagedRules")


@_attrs_define
class ManagedRules:
    """`dry_run` holds for all. `act_as` is the administrator in whose name jobs are acted on; null: on none.

    Attributes:
        source (str):
        file_text (str):
        dry_run (bool):
        act_as (None | str):
        rules (list[ManagedRule]):
    """

    source: str
    file_text: str
    dry_run: bool
    act_as: None | str
    rules: list[ManagedRule]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        source = self.source

        file_text = self.file_text

        dry_run = self.dry_run

        act_as: None | str
        act_as = self.act_as

        rules = []
        for rules_item_data in self.rules:
            rules_item = rules_item_data.to_dict()
            rules.append(rules_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "file_text": file_text,
                "dry_run": dry_run,
                "act_as": act_as,
                "rules": rules,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.managed_rule import ManagedRule  # noqa: PLC0415

        d = dict(src_dict)
        source = d.pop("source")

        file_text = d.pop("file_text")

        dry_run = d.pop("dry_run")

        def _parse_act_as(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        act_as = _parse_act_as(d.pop("act_as"))

        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = ManagedRule.from_dict(rules_item_data)

            rules.append(rules_item)

        managed_rules = cls(
            source=source,
            file_text=file_text,
            dry_run=dry_run,
            act_as=act_as,
            rules=rules,
        )

        managed_rules.additional_properties = d
        return managed_rules

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
