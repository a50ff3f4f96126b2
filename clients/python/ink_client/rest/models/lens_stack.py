"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensStack")


@_attrs_define
class LensStack:
    """Calls, the outermost first, in which processes of one name were seen on a processor; `cpu_ns` is the CPU time
    that these samples stand for.

        Attributes:
            process (str):
            frames (list[str]):
            samples (int):
            cpu_ns (int):
    """

    process: str
    frames: list[str]
    samples: int
    cpu_ns: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        process = self.process

        frames = self.frames

        samples = self.samples

        cpu_ns = self.cpu_ns

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "process": process,
                "frames": frames,
                "samples": samples,
                "cpu_ns": cpu_ns,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        process = d.pop("process")

        frames = cast(list[str], d.pop("frames"))

        samples = d.pop("samples")

        cpu_ns = d.pop("cpu_ns")

        lens_stack = cls(
            process=process,
            frames=frames,
            samples=samples,
            cpu_ns=cpu_ns,
        )

        lens_stack.additional_properties = d
        return lens_stack

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
