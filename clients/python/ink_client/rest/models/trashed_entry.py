"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.file_kind import FileKind

T = TypeVar("T", bound="TrashedEntry")


@_attrs_define
class TrashedEntry:
    """`path` is where it was. Times in seconds since the epoch; `size` is 0 of a directory.

    Attributes:
        trash_id (str):
        path (str):
        kind (FileKind):
        size (int):
        deleted_at (float):
        expires_at (float):
    """

    trash_id: str
    path: str
    kind: FileKind
    size: int
    deleted_at: float
    expires_at: float

    def to_dict(self) -> dict[str, Any]:
        trash_id = self.trash_id

        path = self.path

        kind = self.kind.value

        size = self.size

        deleted_at = self.deleted_at

        expires_at = self.expires_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "trash_id": trash_id,
                "path": path,
                "kind": kind,
                "size": size,
                "deleted_at": deleted_at,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        trash_id = d.pop("trash_id")

        path = d.pop("path")

        kind = FileKind(d.pop("kind"))

        size = d.pop("size")

        deleted_at = d.pop("deleted_at")

        expires_at = d.pop("expires_at")

        trashed_entry = cls(
            trash_id=trash_id,
            path=path,
            kind=kind,
            size=size,
            deleted_at=deleted_at,
            expires_at=expires_at,
        )

        return trashed_entry
