"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewTask")


@_attrs_define
class NewTask:
    """
    Attributes:
        title (str):
        workspace (str | Unset): An absolute path, or empty. Default: ''.
    """

    title: str
    workspace: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        workspace = self.workspace

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
            }
        )
        if workspace is not UNSET:
            field_dict["workspace"] = workspace

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = d.pop("title")

        workspace = d.pop("workspace", UNSET)

        new_task = cls(
            title=title,
            workspace=workspace,
        )

        return new_task
