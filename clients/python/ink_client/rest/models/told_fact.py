"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="ToldFact")


@_attrs_define
class ToldFact:
    """An attribute, or a relation to another thing.

    Attributes:
        name (str):
        value (bool | float | int | str):
        source (str):
        observed_at (datetime.datetime):
        confidence (float):
    """

    name: str
    value: bool | float | int | str
    source: str
    observed_at: datetime.datetime
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        value: bool | float | int | str
        value = self.value

        source = self.source

        observed_at = self.observed_at.isoformat()

        confidence = self.confidence

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "value": value,
                "source": source,
                "observed_at": observed_at,
                "confidence": confidence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        def _parse_value(data: object) -> bool | float | int | str:
            return cast(bool | float | int | str, data)

        value = _parse_value(d.pop("value"))

        source = d.pop("source")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        confidence = d.pop("confidence")

        told_fact = cls(
            name=name,
            value=value,
            source=source,
            observed_at=observed_at,
            confidence=confidence,
        )

        return told_fact
