"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.limit_request_kind import LimitRequestKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="LimitRequest")


@_attrs_define
class LimitRequest:
    """`value` is a directory for `under`; the others need none.

    Attributes:
        kind (LimitRequestKind):
        value (None | str | Unset):
    """

    kind: LimitRequestKind
    value: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        value: None | str | Unset
        if isinstance(self.value, Unset):
            value = UNSET
        else:
            value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )
        if value is not UNSET:
            field_dict["value"] = value

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = LimitRequestKind(d.pop("kind"))

        def _parse_value(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        value = _parse_value(d.pop("value", UNSET))

        limit_request = cls(
            kind=kind,
            value=value,
        )

        return limit_request
