"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.confidentiality import Confidentiality
from ..types import UNSET, Unset

T = TypeVar("T", bound="Shown")


@_attrs_define
class Shown:
    """`shows`: the caller knows that others will see data of this confidentiality.

    Attributes:
        shows (Confidentiality | None | Unset):
    """

    shows: Confidentiality | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        shows: None | str | Unset
        if isinstance(self.shows, Unset):
            shows = UNSET
        elif isinstance(self.shows, Confidentiality):
            shows = self.shows.value
        else:
            shows = self.shows

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if shows is not UNSET:
            field_dict["shows"] = shows

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_shows(data: object) -> Confidentiality | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                shows_type_0 = Confidentiality(data)

                return shows_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Confidentiality | None | Unset, data)

        shows = _parse_shows(d.pop("shows", UNSET))

        shown = cls(
            shows=shows,
        )

        return shown
