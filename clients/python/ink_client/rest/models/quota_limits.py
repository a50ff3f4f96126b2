"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="QuotaLimits")


@_attrs_define
class QuotaLimits:
    """What the file system's own quota says of the user. None as a limit: unlimited. Sizes in bytes.

    Attributes:
        used_bytes (int):
        soft_bytes (int | None):
        hard_bytes (int | None):
        used_files (int):
        soft_files (int | None):
        hard_files (int | None):
    """

    used_bytes: int
    soft_bytes: int | None
    hard_bytes: int | None
    used_files: int
    soft_files: int | None
    hard_files: int | None

    def to_dict(self) -> dict[str, Any]:
        used_bytes = self.used_bytes

        soft_bytes: int | None
        soft_bytes = self.soft_bytes

        hard_bytes: int | None
        hard_bytes = self.hard_bytes

        used_files = self.used_files

        soft_files: int | None
        soft_files = self.soft_files

        hard_files: int | None
        hard_files = self.hard_files

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "used_bytes": used_bytes,
                "soft_bytes": soft_bytes,
                "hard_bytes": hard_bytes,
                "used_files": used_files,
                "soft_files": soft_files,
                "hard_files": hard_files,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        used_bytes = d.pop("used_bytes")

        def _parse_soft_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        soft_bytes = _parse_soft_bytes(d.pop("soft_bytes"))

        def _parse_hard_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        hard_bytes = _parse_hard_bytes(d.pop("hard_bytes"))

        used_files = d.pop("used_files")

        def _parse_soft_files(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        soft_files = _parse_soft_files(d.pop("soft_files"))

        def _parse_hard_files(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        hard_files = _parse_hard_files(d.pop("hard_files"))

        quota_limits = cls(
            used_bytes=used_bytes,
            soft_bytes=soft_bytes,
            hard_bytes=hard_bytes,
            used_files=used_files,
            soft_files=soft_files,
            hard_files=hard_files,
        )

        return quota_limits
