"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.lock_kind import LockKind

T = TypeVar("T", bound="LockView")


@_attrs_define
class LockView:
    """
    Attributes:
        kind (LockKind):
        name (str):
        by (str):
        reason (str):
        at (datetime.datetime):
    """

    kind: LockKind
    name: str
    by: str
    reason: str
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        name = self.name

        by = self.by

        reason = self.reason

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "name": name,
                "by": by,
                "reason": reason,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = LockKind(d.pop("kind"))

        name = d.pop("name")

        by = d.pop("by")

        reason = d.pop("reason")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        lock_view = cls(
            kind=kind,
            name=name,
            by=by,
            reason=reason,
            at=at,
        )

        lock_view.additional_properties = d
        return lock_view

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
