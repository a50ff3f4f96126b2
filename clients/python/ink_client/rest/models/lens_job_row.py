"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.lens_job_row_state import LensJobRowState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.lens_now import LensNow
    from ..models.statistic_view import StatisticView


T = TypeVar("T", bound="LensJobRow")


@_attrs_define
class LensJobRow:
    """One job over all hosts; `hosts` names the first of `host_count`. `cpu_percent` is of one core, the mean of its
    hosts, and the peak that of the fullest; an efficiency is used ÷ requested on a host, null if not known; `now` is
    null of what does not run.

        Attributes:
            cluster (str):
            job (str):
            user (str):
            name (str):
            scheduler (str):
            hosts (list[str]):
            state (LensJobRowState):
            first_seen (float):
            last_seen (float):
            cpus (int | None):
            memory_bytes (int | None):
            cpu_percent (StatisticView): Over all samples: mean over time, largest, 99th percentile.
            rss_peak_bytes (int):
            read_bytes (int):
            write_bytes (int):
            net_bytes (int):
            cpu_efficiency (float | None):
            memory_efficiency (float | None):
            host_count (int | Unset):  Default: 1.
            now (LensNow | None | Unset):
    """

    cluster: str
    job: str
    user: str
    name: str
    scheduler: str
    hosts: list[str]
    state: LensJobRowState
    first_seen: float
    last_seen: float
    cpus: int | None
    memory_bytes: int | None
    cpu_percent: StatisticView
    rss_peak_bytes: int
    read_bytes: int
    write_bytes: int
    net_bytes: int
    cpu_efficiency: float | None
    memory_efficiency: float | None
    host_count: int | Unset = 1
    now: LensNow | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.lens_now import LensNow  # noqa: PLC0415

        cluster = self.cluster

        job = self.job

        user = self.user

        name = self.name

        scheduler = self.scheduler

        hosts = self.hosts

        state = self.state.value

        first_seen = self.first_seen

        last_seen = self.last_seen

        cpus: int | None
        cpus = self.cpus

        memory_bytes: int | None
        memory_bytes = self.memory_bytes

        cpu_percent = self.cpu_percent.to_dict()

        rss_peak_bytes = self.rss_peak_bytes

        read_bytes = self.read_bytes

        write_bytes = self.write_bytes

        net_bytes = self.net_bytes

        cpu_efficiency: float | None
        cpu_efficiency = self.cpu_efficiency

        memory_efficiency: float | None
        memory_efficiency = self.memory_efficiency

        host_count = self.host_count

        now: dict[str, Any] | None | Unset
        if isinstance(self.now, Unset):
            now = UNSET
        elif isinstance(self.now, LensNow):
            now = self.now.to_dict()
        else:
            now = self.now

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "job": job,
                "user": user,
                "name": name,
                "scheduler": scheduler,
                "hosts": hosts,
                "state": state,
                "first_seen": first_seen,
                "last_seen": last_seen,
                "cpus": cpus,
                "memory_bytes": memory_bytes,
                "cpu_percent": cpu_percent,
                "rss_peak_bytes": rss_peak_bytes,
                "read_bytes": read_bytes,
                "write_bytes": write_bytes,
                "net_bytes": net_bytes,
                "cpu_efficiency": cpu_efficiency,
                "memory_efficiency": memory_efficiency,
            }
        )
        if host_count is not UNSET:
            field_dict["host_count"] = host_count
        if now is not UNSET:
            field_dict["now"] = now

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_now import LensNow  # noqa: PLC0415
        from ..models.statistic_view import StatisticView  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        job = d.pop("job")

        user = d.pop("user")

        name = d.pop("name")

        scheduler = d.pop("scheduler")

        hosts = cast(list[str], d.pop("hosts"))

        state = LensJobRowState(d.pop("state"))

        first_seen = d.pop("first_seen")

        last_seen = d.pop("last_seen")

        def _parse_cpus(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        cpus = _parse_cpus(d.pop("cpus"))

        def _parse_memory_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        memory_bytes = _parse_memory_bytes(d.pop("memory_bytes"))

        cpu_percent = StatisticView.from_dict(d.pop("cpu_percent"))

        rss_peak_bytes = d.pop("rss_peak_bytes")

        read_bytes = d.pop("read_bytes")

        write_bytes = d.pop("write_bytes")

        net_bytes = d.pop("net_bytes")

        def _parse_cpu_efficiency(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cpu_efficiency = _parse_cpu_efficiency(d.pop("cpu_efficiency"))

        def _parse_memory_efficiency(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        memory_efficiency = _parse_memory_efficiency(d.pop("memory_efficiency"))

        host_count = d.pop("host_count", UNSET)

        def _parse_now(data: object) -> LensNow | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                now_type_0 = LensNow.from_dict(data)

                return now_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LensNow | None | Unset, data)

        now = _parse_now(d.pop("now", UNSET))

        lens_job_row = cls(
            cluster=cluster,
            job=job,
            user=user,
            name=name,
            scheduler=scheduler,
            hosts=hosts,
            state=state,
            first_seen=first_seen,
            last_seen=last_seen,
            cpus=cpus,
            memory_bytes=memory_bytes,
            cpu_percent=cpu_percent,
            rss_peak_bytes=rss_peak_bytes,
            read_bytes=read_bytes,
            write_bytes=write_bytes,
            net_bytes=net_bytes,
            cpu_efficiency=cpu_efficiency,
            memory_efficiency=memory_efficiency,
            host_count=host_count,
            now=now,
        )

        lens_job_row.additional_properties = d
        return lens_job_row

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
