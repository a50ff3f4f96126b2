"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensNow")


@_attrs_define
class LensNow:
    """Over the last interval, on all hosts together: `cpu_percent` is of one core, rates are bytes a second.

    Attributes:
        cpu_percent (float):
        read_rate (float):
        write_rate (float):
        net_rx_rate (float):
        net_tx_rate (float):
    """

    cpu_percent: float
    read_rate: float
    write_rate: float
    net_rx_rate: float
    net_tx_rate: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cpu_percent = self.cpu_percent

        read_rate = self.read_rate

        write_rate = self.write_rate

        net_rx_rate = self.net_rx_rate

        net_tx_rate = self.net_tx_rate

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cpu_percent": cpu_percent,
                "read_rate": read_rate,
                "write_rate": write_rate,
                "net_rx_rate": net_rx_rate,
                "net_tx_rate": net_tx_rate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cpu_percent = d.pop("cpu_percent")

        read_rate = d.pop("read_rate")

        write_rate = d.pop("write_rate")

        net_rx_rate = d.pop("net_rx_rate")

        net_tx_rate = d.pop("net_tx_rate")

        lens_now = cls(
            cpu_percent=cpu_percent,
            read_rate=read_rate,
            write_rate=write_rate,
            net_rx_rate=net_rx_rate,
            net_tx_rate=net_tx_rate,
        )

        lens_now.additional_properties = d
        return lens_now

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
