"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensHost")


@_attrs_define
class LensHost:
    """A job on one of its hosts. `adopted`: it ran there before the collector did.

    Attributes:
        host (str):
        root_pid (int):
        started (float):
        schedd (str):
        step (str):
        adopted (bool):
    """

    host: str
    root_pid: int
    started: float
    schedd: str
    step: str
    adopted: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        root_pid = self.root_pid

        started = self.started

        schedd = self.schedd

        step = self.step

        adopted = self.adopted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "host": host,
                "root_pid": root_pid,
                "started": started,
                "schedd": schedd,
                "step": step,
                "adopted": adopted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        host = d.pop("host")

        root_pid = d.pop("root_pid")

        started = d.pop("started")

        schedd = d.pop("schedd")

        step = d.pop("step")

        adopted = d.pop("adopted")

        lens_host = cls(
            host=host,
            root_pid=root_pid,
            started=started,
            schedd=schedd,
            step=step,
            adopted=adopted,
        )

        lens_host.additional_properties = d
        return lens_host

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
