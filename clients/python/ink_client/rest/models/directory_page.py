"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.file_row import FileRow


T = TypeVar("T", bound="DirectoryPage")


@_attrs_define
class DirectoryPage:
    """`total` counts the whole directory, without hidden entries unless they were asked for.

    Attributes:
        path (str):
        entries (list[FileRow]):
        total (int):
        next_cursor (None | str):
    """

    path: str
    entries: list[FileRow]
    total: int
    next_cursor: None | str

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)

        total = self.total

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "entries": entries,
                "total": total,
                "next_cursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_row import FileRow  # noqa: PLC0415

        d = dict(src_dict)
        path = d.pop("path")

        entries = []
        _entries = d.pop("entries")
        for entries_item_data in _entries:
            entries_item = FileRow.from_dict(entries_item_data)

            entries.append(entries_item)

        total = d.pop("total")

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        directory_page = cls(
            path=path,
            entries=entries,
            total=total,
            next_cursor=next_cursor,
        )

        return directory_page
