"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.root_branch import RootBranch


T = TypeVar("T", bound="RootTree")


@_attrs_define
class RootTree:
    """`branches` are the first ones; `more` says how many others there are.

    Attributes:
        entries (int):
        branches (list[RootBranch]):
        more (int):
    """

    entries: int
    branches: list[RootBranch]
    more: int

    def to_dict(self) -> dict[str, Any]:
        entries = self.entries

        branches = []
        for branches_item_data in self.branches:
            branches_item = branches_item_data.to_dict()
            branches.append(branches_item)

        more = self.more

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "entries": entries,
                "branches": branches,
                "more": more,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.root_branch import RootBranch  # noqa: PLC0415

        d = dict(src_dict)
        entries = d.pop("entries")

        branches = []
        _branches = d.pop("branches")
        for branches_item_data in _branches:
            branches_item = RootBranch.from_dict(branches_item_data)

            branches.append(branches_item)

        more = d.pop("more")

        root_tree = cls(
            entries=entries,
            branches=branches,
            more=more,
        )

        return root_tree
