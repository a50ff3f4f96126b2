"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.root_axis import RootAxis


T = TypeVar("T", bound="RootHistogram")


@_attrs_define
class RootHistogram:
    """`contents` of a one-dimensional one, without under- and overflow; neighbours are added up where there are many.

    A content that is no finite number is null.

        Attributes:
            title (str):
            entries (float | None):
            axes (list[RootAxis]):
            contents (list[float | None]):
    """

    title: str
    entries: float | None
    axes: list[RootAxis]
    contents: list[float | None]

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        entries: float | None
        entries = self.entries

        axes = []
        for axes_item_data in self.axes:
            axes_item = axes_item_data.to_dict()
            axes.append(axes_item)

        contents = []
        for contents_item_data in self.contents:
            contents_item: float | None
            contents_item = contents_item_data
            contents.append(contents_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
                "entries": entries,
                "axes": axes,
                "contents": contents,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.root_axis import RootAxis  # noqa: PLC0415

        d = dict(src_dict)
        title = d.pop("title")

        def _parse_entries(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        entries = _parse_entries(d.pop("entries"))

        axes = []
        _axes = d.pop("axes")
        for axes_item_data in _axes:
            axes_item = RootAxis.from_dict(axes_item_data)

            axes.append(axes_item)

        contents = []
        _contents = d.pop("contents")
        for contents_item_data in _contents:

            def _parse_contents_item(data: object) -> float | None:
                if data is None:
                    return data
                return cast(float | None, data)

            contents_item = _parse_contents_item(contents_item_data)

            contents.append(contents_item)

        root_histogram = cls(
            title=title,
            entries=entries,
            axes=axes,
            contents=contents,
        )

        return root_histogram
