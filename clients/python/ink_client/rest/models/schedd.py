"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Schedd")


@_attrs_define
class Schedd:
    """A queue of a pool that reports to the collector, with its jobs by state.

    Attributes:
        name (str):
        host (None | str | Unset):
        running (int | Unset):  Default: 0.
        idle (int | Unset):  Default: 0.
        held (int | Unset):  Default: 0.
    """

    name: str
    host: None | str | Unset = UNSET
    running: int | Unset = 0
    idle: int | Unset = 0
    held: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        host: None | str | Unset
        if isinstance(self.host, Unset):
            host = UNSET
        else:
            host = self.host

        running = self.running

        idle = self.idle

        held = self.held

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if host is not UNSET:
            field_dict["host"] = host
        if running is not UNSET:
            field_dict["running"] = running
        if idle is not UNSET:
            field_dict["idle"] = idle
        if held is not UNSET:
            field_dict["held"] = held

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        def _parse_host(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        host = _parse_host(d.pop("host", UNSET))

        running = d.pop("running", UNSET)

        idle = d.pop("idle", UNSET)

        held = d.pop("held", UNSET)

        schedd = cls(
            name=name,
            host=host,
            running=running,
            idle=idle,
            held=held,
        )

        return schedd
