"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensError")


@_attrs_define
class LensError:
    """An error in the envelope of JobLens: `code` is the HTTP status, `error` our stable word.

    Attributes:
        code (int):
        message (str):
        data (Any):
        error (str):
        retryable (bool):
    """

    code: int
    message: str
    data: Any
    error: str
    retryable: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        message = self.message

        data = self.data

        error = self.error

        retryable = self.retryable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "message": message,
                "data": data,
                "error": error,
                "retryable": retryable,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        message = d.pop("message")

        data = d.pop("data")

        error = d.pop("error")

        retryable = d.pop("retryable")

        lens_error = cls(
            code=code,
            message=message,
            data=data,
            error=error,
            retryable=retryable,
        )

        lens_error.additional_properties = d
        return lens_error

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
