"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.lock_kind import LockKind

T = TypeVar("T", bound="NewLock")


@_attrs_define
class NewLock:
    """`name` is a username, a worker id or a session id.

    Attributes:
        reason (str):
        kind (LockKind):
        name (str):
    """

    reason: str
    kind: LockKind
    name: str

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        kind = self.kind.value

        name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "kind": kind,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        kind = LockKind(d.pop("kind"))

        name = d.pop("name")

        new_lock = cls(
            reason=reason,
            kind=kind,
            name=name,
        )

        return new_lock
