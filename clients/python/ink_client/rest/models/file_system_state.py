"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="FileSystemState")


@_attrs_define
class FileSystemState:
    """Figures that nobody has measured are null.

    Attributes:
        file_system (str):
        used (float | None): Share of it, from 0 to 1.
        problem (None | str):
        observed_at (datetime.datetime | None):
    """

    file_system: str
    used: float | None
    problem: None | str
    observed_at: datetime.datetime | None

    def to_dict(self) -> dict[str, Any]:
        file_system = self.file_system

        used: float | None
        used = self.used

        problem: None | str
        problem = self.problem

        observed_at: None | str
        if isinstance(self.observed_at, datetime.datetime):
            observed_at = self.observed_at.isoformat()
        else:
            observed_at = self.observed_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "file_system": file_system,
                "used": used,
                "problem": problem,
                "observed_at": observed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file_system = d.pop("file_system")

        def _parse_used(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        used = _parse_used(d.pop("used"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        def _parse_observed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                observed_at_type_0 = datetime.datetime.fromisoformat(data)

                return observed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        observed_at = _parse_observed_at(d.pop("observed_at"))

        file_system_state = cls(
            file_system=file_system,
            used=used,
            problem=problem,
            observed_at=observed_at,
        )

        return file_system_state
