"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.file_kind import FileKind

T = TypeVar("T", bound="StorageEntry")


@_attrs_define
class StorageEntry:
    """`modified` in seconds since the epoch.

    Attributes:
        name (str):
        path (str):
        kind (FileKind):
        size (int):
        modified (float):
    """

    name: str
    path: str
    kind: FileKind
    size: int
    modified: float

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        path = self.path

        kind = self.kind.value

        size = self.size

        modified = self.modified

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "path": path,
                "kind": kind,
                "size": size,
                "modified": modified,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        path = d.pop("path")

        kind = FileKind(d.pop("kind"))

        size = d.pop("size")

        modified = d.pop("modified")

        storage_entry = cls(
            name=name,
            path=path,
            kind=kind,
            size=size,
            modified=modified,
        )

        return storage_entry
