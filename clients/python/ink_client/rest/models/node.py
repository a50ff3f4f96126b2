"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Node")


@_attrs_define
class Node:
    """
    Attributes:
        name (str):
        state (str):
        cpus (int):
        cpus_used (int):
        memory_mb (int):
    """

    name: str
    state: str
    cpus: int
    cpus_used: int
    memory_mb: int

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state = self.state

        cpus = self.cpus

        cpus_used = self.cpus_used

        memory_mb = self.memory_mb

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "state": state,
                "cpus": cpus,
                "cpus_used": cpus_used,
                "memory_mb": memory_mb,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = d.pop("state")

        cpus = d.pop("cpus")

        cpus_used = d.pop("cpus_used")

        memory_mb = d.pop("memory_mb")

        node = cls(
            name=name,
            state=state,
            cpus=cpus,
            cpus_used=cpus_used,
            memory_mb=memory_mb,
        )

        return node
