"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="LensState")


@_attrs_define
class LensState:
    """`hosts` are the nodes whose collectors were heard in the last minutes.

    Attributes:
        enabled (bool):
        hosts (int):
        heard_at (datetime.datetime | None):
    """

    enabled: bool
    hosts: int
    heard_at: datetime.datetime | None

    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        hosts = self.hosts

        heard_at: None | str
        if isinstance(self.heard_at, datetime.datetime):
            heard_at = self.heard_at.isoformat()
        else:
            heard_at = self.heard_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "enabled": enabled,
                "hosts": hosts,
                "heard_at": heard_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        hosts = d.pop("hosts")

        def _parse_heard_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                heard_at_type_0 = datetime.datetime.fromisoformat(data)

                return heard_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        heard_at = _parse_heard_at(d.pop("heard_at"))

        lens_state = cls(
            enabled=enabled,
            hosts=hosts,
            heard_at=heard_at,
        )

        return lens_state
