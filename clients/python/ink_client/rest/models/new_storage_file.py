"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewStorageFile")


@_attrs_define
class NewStorageFile:
    """`upload_id` names an upload without a path, all of whose bytes have come.

    Attributes:
        path (str):
        upload_id (str):
        overwrite (bool | Unset):  Default: False.
    """

    path: str
    upload_id: str
    overwrite: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        upload_id = self.upload_id

        overwrite = self.overwrite

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "upload_id": upload_id,
            }
        )
        if overwrite is not UNSET:
            field_dict["overwrite"] = overwrite

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        upload_id = d.pop("upload_id")

        overwrite = d.pop("overwrite", UNSET)

        new_storage_file = cls(
            path=path,
            upload_id=upload_id,
            overwrite=overwrite,
        )

        return new_storage_file
