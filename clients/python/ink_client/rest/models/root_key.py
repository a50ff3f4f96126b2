"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.root_histogram import RootHistogram
    from ..models.root_tree import RootTree


T = TypeVar("T", bound="RootKey")


@_attrs_define
class RootKey:
    """`path` goes through directories by `/` and ends in the cycle. `unread` says why an object was not looked into.

    Attributes:
        path (str):
        class_name (str):
        tree (None | RootTree | Unset):
        histogram (None | RootHistogram | Unset):
        unread (str | Unset):  Default: ''.
    """

    path: str
    class_name: str
    tree: None | RootTree | Unset = UNSET
    histogram: None | RootHistogram | Unset = UNSET
    unread: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        from ..models.root_histogram import RootHistogram  # noqa: PLC0415
        from ..models.root_tree import RootTree  # noqa: PLC0415

        path = self.path

        class_name = self.class_name

        tree: dict[str, Any] | None | Unset
        if isinstance(self.tree, Unset):
            tree = UNSET
        elif isinstance(self.tree, RootTree):
            tree = self.tree.to_dict()
        else:
            tree = self.tree

        histogram: dict[str, Any] | None | Unset
        if isinstance(self.histogram, Unset):
            histogram = UNSET
        elif isinstance(self.histogram, RootHistogram):
            histogram = self.histogram.to_dict()
        else:
            histogram = self.histogram

        unread = self.unread

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "class_name": class_name,
            }
        )
        if tree is not UNSET:
            field_dict["tree"] = tree
        if histogram is not UNSET:
            field_dict["histogram"] = histogram
        if unread is not UNSET:
            field_dict["unread"] = unread

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.root_histogram import RootHistogram  # noqa: PLC0415
        from ..models.root_tree import RootTree  # noqa: PLC0415

        d = dict(src_dict)
        path = d.pop("path")

        class_name = d.pop("class_name")

        def _parse_tree(data: object) -> None | RootTree | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tree_type_0 = RootTree.from_dict(data)

                return tree_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RootTree | Unset, data)

        tree = _parse_tree(d.pop("tree", UNSET))

        def _parse_histogram(data: object) -> None | RootHistogram | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                histogram_type_0 = RootHistogram.from_dict(data)

                return histogram_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RootHistogram | Unset, data)

        histogram = _parse_histogram(d.pop("histogram", UNSET))

        unread = d.pop("unread", UNSET)

        root_key = cls(
            path=path,
            class_name=class_name,
            tree=tree,
            histogram=histogram,
            unread=unread,
        )

        return root_key
