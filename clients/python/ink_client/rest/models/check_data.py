"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.seen_times import SeenTimes


T = TypeVar("T", bound="CheckData")


@_attrs_define
class CheckData:
    """`time` is there where records are.

    Attributes:
        exists (bool):
        count (int):
        job_id (str):
        cluster (str):
        time (None | SeenTimes | Unset):
    """

    exists: bool
    count: int
    job_id: str
    cluster: str
    time: None | SeenTimes | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.seen_times import SeenTimes  # noqa: PLC0415

        exists = self.exists

        count = self.count

        job_id = self.job_id

        cluster = self.cluster

        time: dict[str, Any] | None | Unset
        if isinstance(self.time, Unset):
            time = UNSET
        elif isinstance(self.time, SeenTimes):
            time = self.time.to_dict()
        else:
            time = self.time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "exists": exists,
                "count": count,
                "job_id": job_id,
                "cluster": cluster,
            }
        )
        if time is not UNSET:
            field_dict["time"] = time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.seen_times import SeenTimes  # noqa: PLC0415

        d = dict(src_dict)
        exists = d.pop("exists")

        count = d.pop("count")

        job_id = d.pop("job_id")

        cluster = d.pop("cluster")

        def _parse_time(data: object) -> None | SeenTimes | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                time_type_0 = SeenTimes.from_dict(data)

                return time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SeenTimes | Unset, data)

        time = _parse_time(d.pop("time", UNSET))

        check_data = cls(
            exists=exists,
            count=count,
            job_id=job_id,
            cluster=cluster,
            time=time,
        )

        check_data.additional_properties = d
        return check_data

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
