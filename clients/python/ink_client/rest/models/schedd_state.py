"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="ScheddState")


@_attrs_define
class ScheddState:
    """
    Attributes:
        schedd (str):
        problem (None | str):
    """

    schedd: str
    problem: None | str

    def to_dict(self) -> dict[str, Any]:
        schedd = self.schedd

        problem: None | str
        problem = self.problem

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "schedd": schedd,
                "problem": problem,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        schedd = d.pop("schedd")

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        schedd_state = cls(
            schedd=schedd,
            problem=problem,
        )

        return schedd_state
