"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Deleted")


@_attrs_define
class Deleted:
    """`trash_id` puts it back until `expires_at`; None where it was removed for good.

    Attributes:
        path (str):
        trash_id (None | str | Unset):
        expires_at (float | None | Unset):
    """

    path: str
    trash_id: None | str | Unset = UNSET
    expires_at: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        trash_id: None | str | Unset
        if isinstance(self.trash_id, Unset):
            trash_id = UNSET
        else:
            trash_id = self.trash_id

        expires_at: float | None | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = self.expires_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
            }
        )
        if trash_id is not UNSET:
            field_dict["trash_id"] = trash_id
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        def _parse_trash_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        trash_id = _parse_trash_id(d.pop("trash_id", UNSET))

        def _parse_expires_at(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        deleted = cls(
            path=path,
            trash_id=trash_id,
            expires_at=expires_at,
        )

        return deleted
