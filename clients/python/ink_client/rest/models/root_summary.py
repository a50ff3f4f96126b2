"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.root_key import RootKey


T = TypeVar("T", bound="RootSummary")


@_attrs_define
class RootSummary:
    """In the order of the file; `truncated` where it holds more keys than are told.

    Attributes:
        keys (list[RootKey]):
        truncated (bool):
    """

    keys: list[RootKey]
    truncated: bool

    def to_dict(self) -> dict[str, Any]:
        keys = []
        for keys_item_data in self.keys:
            keys_item = keys_item_data.to_dict()
            keys.append(keys_item)

        truncated = self.truncated

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "keys": keys,
                "truncated": truncated,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.root_key import RootKey  # noqa: PLC0415

        d = dict(src_dict)
        keys = []
        _keys = d.pop("keys")
        for keys_item_data in _keys:
            keys_item = RootKey.from_dict(keys_item_data)

            keys.append(keys_item)

        truncated = d.pop("truncated")

        root_summary = cls(
            keys=keys,
            truncated=truncated,
        )

        return root_summary
