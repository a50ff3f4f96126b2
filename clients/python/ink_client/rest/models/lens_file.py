"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.traffic import Traffic

T = TypeVar("T", bound="LensFile")


@_attrs_define
class LensFile:
    """Traffic of a job on one file. In `path`, bytes that are no text are escaped; a file without a path is all those
    that are beyond the bound of files that are told apart.

        Attributes:
            path (str):
            mount (str):
            fs_type (str):
            traffic (Traffic): What a `FileSample` speaks of.
            read_bytes (int):
            read_ops (int):
            write_bytes (int):
            write_ops (int):
    """

    path: str
    mount: str
    fs_type: str
    traffic: Traffic
    read_bytes: int
    read_ops: int
    write_bytes: int
    write_ops: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        mount = self.mount

        fs_type = self.fs_type

        traffic = self.traffic.value

        read_bytes = self.read_bytes

        read_ops = self.read_ops

        write_bytes = self.write_bytes

        write_ops = self.write_ops

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "path": path,
                "mount": mount,
                "fs_type": fs_type,
                "traffic": traffic,
                "read_bytes": read_bytes,
                "read_ops": read_ops,
                "write_bytes": write_bytes,
                "write_ops": write_ops,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        mount = d.pop("mount")

        fs_type = d.pop("fs_type")

        traffic = Traffic(d.pop("traffic"))

        read_bytes = d.pop("read_bytes")

        read_ops = d.pop("read_ops")

        write_bytes = d.pop("write_bytes")

        write_ops = d.pop("write_ops")

        lens_file = cls(
            path=path,
            mount=mount,
            fs_type=fs_type,
            traffic=traffic,
            read_bytes=read_bytes,
            read_ops=read_ops,
            write_bytes=write_bytes,
            write_ops=write_ops,
        )

        lens_file.additional_properties = d
        return lens_file

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
