"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CloseRequest")


@_attrs_define
class CloseRequest:
    """What it was and what helped; affected users read it too. `causes` are nodes of the global model.

    Attributes:
        cause (str):
        helped (str | Unset):  Default: ''.
        causes (list[str] | Unset):
    """

    cause: str
    helped: str | Unset = ""
    causes: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        cause = self.cause

        helped = self.helped

        causes: list[str] | Unset = UNSET
        if not isinstance(self.causes, Unset):
            causes = self.causes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cause": cause,
            }
        )
        if helped is not UNSET:
            field_dict["helped"] = helped
        if causes is not UNSET:
            field_dict["causes"] = causes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cause = d.pop("cause")

        helped = d.pop("helped", UNSET)

        causes = cast(list[str], d.pop("causes", UNSET))

        close_request = cls(
            cause=cause,
            helped=helped,
            causes=causes,
        )

        return close_request
