"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.checksum_algorithm import ChecksumAlgorithm

T = TypeVar("T", bound="FileChecksum")


@_attrs_define
class FileChecksum:
    """`value` in hexadecimal digits; `version` as `files.pull` tells it.

    Attributes:
        path (str):
        algorithm (ChecksumAlgorithm):
        value (str):
        size (int):
        version (str):
    """

    path: str
    algorithm: ChecksumAlgorithm
    value: str
    size: int
    version: str

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        algorithm = self.algorithm.value

        value = self.value

        size = self.size

        version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "algorithm": algorithm,
                "value": value,
                "size": size,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        algorithm = ChecksumAlgorithm(d.pop("algorithm"))

        value = d.pop("value")

        size = d.pop("size")

        version = d.pop("version")

        file_checksum = cls(
            path=path,
            algorithm=algorithm,
            value=value,
            size=size,
            version=version,
        )

        return file_checksum
