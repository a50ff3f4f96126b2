"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.file_kind import FileKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="FileRow")


@_attrs_define
class FileRow:
    """An entry with what a listing shows beside it. `link` is the text of a symbolic link.

    Attributes:
        name (str):
        path (str):
        kind (FileKind):
        size (int):
        mode (int):
        modified (float):
        owner (str):
        group (str):
        hidden (bool):
        link (None | str | Unset):
    """

    name: str
    path: str
    kind: FileKind
    size: int
    mode: int
    modified: float
    owner: str
    group: str
    hidden: bool
    link: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        path = self.path

        kind = self.kind.value

        size = self.size

        mode = self.mode

        modified = self.modified

        owner = self.owner

        group = self.group

        hidden = self.hidden

        link: None | str | Unset
        if isinstance(self.link, Unset):
            link = UNSET
        else:
            link = self.link

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
                "group": group,
                "hidden": hidden,
            }
        )
        if link is not UNSET:
            field_dict["link"] = link

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

        group = d.pop("group")

        hidden = d.pop("hidden")

        def _parse_link(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        link = _parse_link(d.pop("link", UNSET))

        file_row = cls(
            name=name,
            path=path,
            kind=kind,
            size=size,
            mode=mode,
            modified=modified,
            owner=owner,
            group=group,
            hidden=hidden,
            link=link,
        )

        return file_row
