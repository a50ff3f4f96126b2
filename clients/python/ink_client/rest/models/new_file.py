"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewFile")


@_attrs_define
class NewFile:
    """Exactly one of `text` and `base64`; none of them is an empty file.

    Attributes:
        path (str):
        text (None | str | Unset):
        base64 (None | str | Unset):
        expected_sha256 (None | str | Unset):
        overwrite (bool | Unset):  Default: False.
    """

    path: str
    text: None | str | Unset = UNSET
    base64: None | str | Unset = UNSET
    expected_sha256: None | str | Unset = UNSET
    overwrite: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        text: None | str | Unset
        if isinstance(self.text, Unset):
            text = UNSET
        else:
            text = self.text

        base64: None | str | Unset
        if isinstance(self.base64, Unset):
            base64 = UNSET
        else:
            base64 = self.base64

        expected_sha256: None | str | Unset
        if isinstance(self.expected_sha256, Unset):
            expected_sha256 = UNSET
        else:
            expected_sha256 = self.expected_sha256

        overwrite = self.overwrite

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
            }
        )
        if text is not UNSET:
            field_dict["text"] = text
        if base64 is not UNSET:
            field_dict["base64"] = base64
        if expected_sha256 is not UNSET:
            field_dict["expected_sha256"] = expected_sha256
        if overwrite is not UNSET:
            field_dict["overwrite"] = overwrite

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        def _parse_text(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text = _parse_text(d.pop("text", UNSET))

        def _parse_base64(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        base64 = _parse_base64(d.pop("base64", UNSET))

        def _parse_expected_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        expected_sha256 = _parse_expected_sha256(d.pop("expected_sha256", UNSET))

        overwrite = d.pop("overwrite", UNSET)

        new_file = cls(
            path=path,
            text=text,
            base64=base64,
            expected_sha256=expected_sha256,
            overwrite=overwrite,
        )

        return new_file
