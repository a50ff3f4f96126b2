"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.confidentiality import Confidentiality
from ..models.new_member_role import NewMemberRole
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewMember")


@_attrs_define
class NewMember:
    """
    Attributes:
        role (NewMemberRole):
        shows (Confidentiality | None | Unset):
    """

    role: NewMemberRole
    shows: Confidentiality | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        role = self.role.value

        shows: None | str | Unset
        if isinstance(self.shows, Unset):
            shows = UNSET
        elif isinstance(self.shows, Confidentiality):
            shows = self.shows.value
        else:
            shows = self.shows

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
            }
        )
        if shows is not UNSET:
            field_dict["shows"] = shows

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        role = NewMemberRole(d.pop("role"))

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

        new_member = cls(
            role=role,
            shows=shows,
        )

        return new_member
