"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.grant_request_pattern_type_0 import GrantRequestPatternType0


T = TypeVar("T", bound="GrantRequest")


@_attrs_define
class GrantRequest:
    """Let later calls of the same conversation through as well. Without `pattern` for the time; with it, exactly.

    Attributes:
        minutes (float):
        uses (int | Unset):  Default: 100.
        pattern (GrantRequestPatternType0 | None | Unset):
    """

    minutes: float
    uses: int | Unset = 100
    pattern: GrantRequestPatternType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.grant_request_pattern_type_0 import GrantRequestPatternType0  # noqa: PLC0415

        minutes = self.minutes

        uses = self.uses

        pattern: dict[str, Any] | None | Unset
        if isinstance(self.pattern, Unset):
            pattern = UNSET
        elif isinstance(self.pattern, GrantRequestPatternType0):
            pattern = self.pattern.to_dict()
        else:
            pattern = self.pattern

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "minutes": minutes,
            }
        )
        if uses is not UNSET:
            field_dict["uses"] = uses
        if pattern is not UNSET:
            field_dict["pattern"] = pattern

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant_request_pattern_type_0 import GrantRequestPatternType0  # noqa: PLC0415

        d = dict(src_dict)
        minutes = d.pop("minutes")

        uses = d.pop("uses", UNSET)

        def _parse_pattern(data: object) -> GrantRequestPatternType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pattern_type_0 = GrantRequestPatternType0.from_dict(data)

                return pattern_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GrantRequestPatternType0 | None | Unset, data)

        pattern = _parse_pattern(d.pop("pattern", UNSET))

        grant_request = cls(
            minutes=minutes,
            uses=uses,
            pattern=pattern,
        )

        return grant_request
