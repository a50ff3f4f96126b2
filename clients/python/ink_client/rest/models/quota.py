"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.quota_limits import QuotaLimits


T = TypeVar("T", bound="Quota")


@_attrs_define
class Quota:
    """`limits` is None where no quota is set or told, and `said` says which. Sizes in bytes.

    `home_bytes` counts the whole workspace; `trash_bytes` and `staged_bytes` (unfinished uploads) are the parts of it
    that can be freed at once. `complete`: the tree was counted to its end.

        Attributes:
            mount (str):
            file_system (str):
            total_bytes (int):
            free_bytes (int):
            limits (None | QuotaLimits):
            said (str):
            home_bytes (int):
            trash_bytes (int):
            staged_bytes (int):
            entries (int):
            complete (bool):
    """

    mount: str
    file_system: str
    total_bytes: int
    free_bytes: int
    limits: None | QuotaLimits
    said: str
    home_bytes: int
    trash_bytes: int
    staged_bytes: int
    entries: int
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        from ..models.quota_limits import QuotaLimits  # noqa: PLC0415

        mount = self.mount

        file_system = self.file_system

        total_bytes = self.total_bytes

        free_bytes = self.free_bytes

        limits: dict[str, Any] | None
        if isinstance(self.limits, QuotaLimits):
            limits = self.limits.to_dict()
        else:
            limits = self.limits

        said = self.said

        home_bytes = self.home_bytes

        trash_bytes = self.trash_bytes

        staged_bytes = self.staged_bytes

        entries = self.entries

        complete = self.complete

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "mount": mount,
                "file_system": file_system,
                "total_bytes": total_bytes,
                "free_bytes": free_bytes,
                "limits": limits,
                "said": said,
                "home_bytes": home_bytes,
                "trash_bytes": trash_bytes,
                "staged_bytes": staged_bytes,
                "entries": entries,
                "complete": complete,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quota_limits import QuotaLimits  # noqa: PLC0415

        d = dict(src_dict)
        mount = d.pop("mount")

        file_system = d.pop("file_system")

        total_bytes = d.pop("total_bytes")

        free_bytes = d.pop("free_bytes")

        def _parse_limits(data: object) -> None | QuotaLimits:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                limits_type_0 = QuotaLimits.from_dict(data)

                return limits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | QuotaLimits, data)

        limits = _parse_limits(d.pop("limits"))

        said = d.pop("said")

        home_bytes = d.pop("home_bytes")

        trash_bytes = d.pop("trash_bytes")

        staged_bytes = d.pop("staged_bytes")

        entries = d.pop("entries")

        complete = d.pop("complete")

        quota = cls(
            mount=mount,
            file_system=file_system,
            total_bytes=total_bytes,
            free_bytes=free_bytes,
            limits=limits,
            said=said,
            home_bytes=home_bytes,
            trash_bytes=trash_bytes,
            staged_bytes=staged_bytes,
            entries=entries,
            complete=complete,
        )

        return quota
