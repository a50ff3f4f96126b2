"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.lens_job_state import LensJobState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.lens_host import LensHost
    from ..models.lens_job_totals import LensJobTotals
    from ..models.lens_now import LensNow
    from ..models.statistic_view import StatisticView


T = TypeVar("T", bound="LensJob")


@_attrs_define
class LensJob:
    """`totals` are the cumulative figures at the end, summed over hosts; rates are bytes a second.

    Attributes:
        cluster (str):
        job (str):
        user (str):
        name (str):
        scheduler (str):
        hosts (list[str]):
        state (LensJobState):
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
        on_hosts (list[LensHost]):
        samples (int):
        collectors (list[str]):
        rss_bytes (StatisticView): Over all samples: mean over time, largest, 99th percentile.
        read_rate (StatisticView): Over all samples: mean over time, largest, 99th percentile.
        write_rate (StatisticView): Over all samples: mean over time, largest, 99th percentile.
        net_rx_rate (StatisticView): Over all samples: mean over time, largest, 99th percentile.
        net_tx_rate (StatisticView): Over all samples: mean over time, largest, 99th percentile.
        gpu_percent (None | StatisticView):
        gpu_memory_bytes (None | StatisticView):
        energy_j (float | None):
        totals (LensJobTotals):
        max_processes (int):
        max_threads (int):
        gaps (int):
        host_count (int | Unset):  Default: 1.
        now (LensNow | None | Unset):
    """

    cluster: str
    job: str
    user: str
    name: str
    scheduler: str
    hosts: list[str]
    state: LensJobState
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
    on_hosts: list[LensHost]
    samples: int
    collectors: list[str]
    rss_bytes: StatisticView
    read_rate: StatisticView
    write_rate: StatisticView
    net_rx_rate: StatisticView
    net_tx_rate: StatisticView
    gpu_percent: None | StatisticView
    gpu_memory_bytes: None | StatisticView
    energy_j: float | None
    totals: LensJobTotals
    max_processes: int
    max_threads: int
    gaps: int
    host_count: int | Unset = 1
    now: LensNow | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.lens_now import LensNow  # noqa: PLC0415
        from ..models.statistic_view import StatisticView  # noqa: PLC0415

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

        on_hosts = []
        for on_hosts_item_data in self.on_hosts:
            on_hosts_item = on_hosts_item_data.to_dict()
            on_hosts.append(on_hosts_item)

        samples = self.samples

        collectors = self.collectors

        rss_bytes = self.rss_bytes.to_dict()

        read_rate = self.read_rate.to_dict()

        write_rate = self.write_rate.to_dict()

        net_rx_rate = self.net_rx_rate.to_dict()

        net_tx_rate = self.net_tx_rate.to_dict()

        gpu_percent: dict[str, Any] | None
        if isinstance(self.gpu_percent, StatisticView):
            gpu_percent = self.gpu_percent.to_dict()
        else:
            gpu_percent = self.gpu_percent

        gpu_memory_bytes: dict[str, Any] | None
        if isinstance(self.gpu_memory_bytes, StatisticView):
            gpu_memory_bytes = self.gpu_memory_bytes.to_dict()
        else:
            gpu_memory_bytes = self.gpu_memory_bytes

        energy_j: float | None
        energy_j = self.energy_j

        totals = self.totals.to_dict()

        max_processes = self.max_processes

        max_threads = self.max_threads

        gaps = self.gaps

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
                "on_hosts": on_hosts,
                "samples": samples,
                "collectors": collectors,
                "rss_bytes": rss_bytes,
                "read_rate": read_rate,
                "write_rate": write_rate,
                "net_rx_rate": net_rx_rate,
                "net_tx_rate": net_tx_rate,
                "gpu_percent": gpu_percent,
                "gpu_memory_bytes": gpu_memory_bytes,
                "energy_j": energy_j,
                "totals": totals,
                "max_processes": max_processes,
                "max_threads": max_threads,
                "gaps": gaps,
            }
        )
        if host_count is not UNSET:
            field_dict["host_count"] = host_count
        if now is not UNSET:
            field_dict["now"] = now

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_host import LensHost  # noqa: PLC0415
        from ..models.lens_job_totals import LensJobTotals  # noqa: PLC0415
        from ..models.lens_now import LensNow  # noqa: PLC0415
        from ..models.statistic_view import StatisticView  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        job = d.pop("job")

        user = d.pop("user")

        name = d.pop("name")

        scheduler = d.pop("scheduler")

        hosts = cast(list[str], d.pop("hosts"))

        state = LensJobState(d.pop("state"))

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

        on_hosts = []
        _on_hosts = d.pop("on_hosts")
        for on_hosts_item_data in _on_hosts:
            on_hosts_item = LensHost.from_dict(on_hosts_item_data)

            on_hosts.append(on_hosts_item)

        samples = d.pop("samples")

        collectors = cast(list[str], d.pop("collectors"))

        rss_bytes = StatisticView.from_dict(d.pop("rss_bytes"))

        read_rate = StatisticView.from_dict(d.pop("read_rate"))

        write_rate = StatisticView.from_dict(d.pop("write_rate"))

        net_rx_rate = StatisticView.from_dict(d.pop("net_rx_rate"))

        net_tx_rate = StatisticView.from_dict(d.pop("net_tx_rate"))

        def _parse_gpu_percent(data: object) -> None | StatisticView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                gpu_percent_type_0 = StatisticView.from_dict(data)

                return gpu_percent_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StatisticView, data)

        gpu_percent = _parse_gpu_percent(d.pop("gpu_percent"))

        def _parse_gpu_memory_bytes(data: object) -> None | StatisticView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                gpu_memory_bytes_type_0 = StatisticView.from_dict(data)

                return gpu_memory_bytes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StatisticView, data)

        gpu_memory_bytes = _parse_gpu_memory_bytes(d.pop("gpu_memory_bytes"))

        def _parse_energy_j(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        energy_j = _parse_energy_j(d.pop("energy_j"))

        totals = LensJobTotals.from_dict(d.pop("totals"))

        max_processes = d.pop("max_processes")

        max_threads = d.pop("max_threads")

        gaps = d.pop("gaps")

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

        lens_job = cls(
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
            on_hosts=on_hosts,
            samples=samples,
            collectors=collectors,
            rss_bytes=rss_bytes,
            read_rate=read_rate,
            write_rate=write_rate,
            net_rx_rate=net_rx_rate,
            net_tx_rate=net_tx_rate,
            gpu_percent=gpu_percent,
            gpu_memory_bytes=gpu_memory_bytes,
            energy_j=energy_j,
            totals=totals,
            max_processes=max_processes,
            max_threads=max_threads,
            gaps=gaps,
            host_count=host_count,
            now=now,
        )

        lens_job.additional_properties = d
        return lens_job

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
