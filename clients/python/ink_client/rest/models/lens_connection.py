"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensConnection")


@_attrs_define
class LensConnection:
    """One connection, as it was at `time`. Bytes, round-trip time and segments sent again are told of TCP in the node's
    own network, else they are 0; `state` is empty for what has none.

        Attributes:
            host (str):
            time (float):
            pid (int):
            proto (str):
            state (str):
            local_addr (str):
            local_port (int):
            peer_addr (str):
            peer_port (int):
            sent (int):
            received (int):
            rtt_us (int):
            retransmits (int):
    """

    host: str
    time: float
    pid: int
    proto: str
    state: str
    local_addr: str
    local_port: int
    peer_addr: str
    peer_port: int
    sent: int
    received: int
    rtt_us: int
    retransmits: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        time = self.time

        pid = self.pid

        proto = self.proto

        state = self.state

        local_addr = self.local_addr

        local_port = self.local_port

        peer_addr = self.peer_addr

        peer_port = self.peer_port

        sent = self.sent

        received = self.received

        rtt_us = self.rtt_us

        retransmits = self.retransmits

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "host": host,
                "time": time,
                "pid": pid,
                "proto": proto,
                "state": state,
                "local_addr": local_addr,
                "local_port": local_port,
                "peer_addr": peer_addr,
                "peer_port": peer_port,
                "sent": sent,
                "received": received,
                "rtt_us": rtt_us,
                "retransmits": retransmits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        host = d.pop("host")

        time = d.pop("time")

        pid = d.pop("pid")

        proto = d.pop("proto")

        state = d.pop("state")

        local_addr = d.pop("local_addr")

        local_port = d.pop("local_port")

        peer_addr = d.pop("peer_addr")

        peer_port = d.pop("peer_port")

        sent = d.pop("sent")

        received = d.pop("received")

        rtt_us = d.pop("rtt_us")

        retransmits = d.pop("retransmits")

        lens_connection = cls(
            host=host,
            time=time,
            pid=pid,
            proto=proto,
            state=state,
            local_addr=local_addr,
            local_port=local_port,
            peer_addr=peer_addr,
            peer_port=peer_port,
            sent=sent,
            received=received,
            rtt_us=rtt_us,
            retransmits=retransmits,
        )

        lens_connection.additional_properties = d
        return lens_connection

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
