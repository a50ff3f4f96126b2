"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.file_kind import FileKind

T = TypeVar("T", bound="FileEntry")


@_attrs_define
class FileEntry:
    """One directory entry or stat result. `size` in bytes, `modified` in seconds since the epoch (UTC).

    Attributes:
        name (str):
        path (str):
        kind (FileKind):
        size (int):
        mode (int):
        modified (float):
        owner (str):
    """

    name: str
    path: str
    kind: FileKind
    size: int
    mode: int
    modified: float
    owner: str

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        path = self.path

        kind = self.kind.value

        size = self.size

        mode = self.mode

        modified = self.modified

        owner = self.owner

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "path": path,
                "kind": kind,
                "size": size,
                "mode": mode,
                "modified": modified,
                "owner": owner,
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

        mode = d.pop("mode")

        modified = d.pop("modified")

        owner = d.pop("owner")

        file_entry = cls(
            name=name,
            path=path,
            kind=kind,
            size=size,
            mode=mode,
            modified=modified,
            owner=owner,
        )

        return file_entry
