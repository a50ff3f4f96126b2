"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.file_row import FileRow


T = TypeVar("T", bound="FilesMatched")


@_attrs_define
class FilesMatched:
    """`complete`: everything below was looked at, and nothing that fits is left out.

    Attributes:
        entries (list[FileRow]):
        complete (bool):
    """

    entries: list[FileRow]
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)

        complete = self.complete

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "entries": entries,
                "complete": complete,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_row import FileRow  # noqa: PLC0415

        d = dict(src_dict)
        entries = []
        _entries = d.pop("entries")
        for entries_item_data in _entries:
            entries_item = FileRow.from_dict(entries_item_data)

            entries.append(entries_item)

        complete = d.pop("complete")

        files_matched = cls(
            entries=entries,
            complete=complete,
        )

        return files_matched
