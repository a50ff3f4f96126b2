"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.reader_kind import ReaderKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewShare")


@_attrs_define
class NewShare:
    """`reader` names the user or the group; a public share has none.

    Attributes:
        path (str):
        reader_kind (ReaderKind):
        reader (None | str | Unset):
        lifetime_s (int | Unset):  Default: 604800.
    """

    path: str
    reader_kind: ReaderKind
    reader: None | str | Unset = UNSET
    lifetime_s: int | Unset = 604800

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        reader_kind = self.reader_kind.value

        reader: None | str | Unset
        if isinstance(self.reader, Unset):
            reader = UNSET
        else:
            reader = self.reader

        lifetime_s = self.lifetime_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "reader_kind": reader_kind,
            }
        )
        if reader is not UNSET:
            field_dict["reader"] = reader
        if lifetime_s is not UNSET:
            field_dict["lifetime_s"] = lifetime_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        reader_kind = ReaderKind(d.pop("reader_kind"))

        def _parse_reader(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reader = _parse_reader(d.pop("reader", UNSET))

        lifetime_s = d.pop("lifetime_s", UNSET)

        new_share = cls(
            path=path,
            reader_kind=reader_kind,
            reader=reader,
            lifetime_s=lifetime_s,
        )

        return new_share
