"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.trigger_request_opt import TriggerRequestOpt
from ..types import UNSET, Unset

T = TypeVar("T", bound="TriggerRequest")


@_attrs_define
class TriggerRequest:
    """`JobID` or `job_id` is the scheduler's own id; a number alone, on HTCondor, is the first job of that cluster.

    Attributes:
        opt (TriggerRequestOpt | Unset):  Default: TriggerRequestOpt.ADD.
        JobID (int | None | str | Unset):
        job_id (None | str | Unset):
        lens (list[str] | Unset): Collectors, as cpumem_collector.
        collector (str | Unset): The same in one text, with commas. Default: ''.
        cluster (None | str | Unset):
        cluster_name (None | str | Unset):
        seconds (float | Unset):  Default: 300.0.
    """

    opt: TriggerRequestOpt | Unset = TriggerRequestOpt.ADD
    JobID: int | None | str | Unset = UNSET
    job_id: None | str | Unset = UNSET
    lens: list[str] | Unset = UNSET
    collector: str | Unset = ""
    cluster: None | str | Unset = UNSET
    cluster_name: None | str | Unset = UNSET
    seconds: float | Unset = 300.0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        opt: str | Unset = UNSET
        if not isinstance(self.opt, Unset):
            opt = self.opt.value

        JobID: int | None | str | Unset
        if isinstance(self.JobID, Unset):
            JobID = UNSET
        else:
            JobID = self.JobID

        job_id: None | str | Unset
        if isinstance(self.job_id, Unset):
            job_id = UNSET
        else:
            job_id = self.job_id

        lens: list[str] | Unset = UNSET
        if not isinstance(self.lens, Unset):
            lens = self.lens

        collector = self.collector

        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        cluster_name: None | str | Unset
        if isinstance(self.cluster_name, Unset):
            cluster_name = UNSET
        else:
            cluster_name = self.cluster_name

        seconds = self.seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if opt is not UNSET:
            field_dict["opt"] = opt
        if JobID is not UNSET:
            field_dict["JobID"] = JobID
        if job_id is not UNSET:
            field_dict["job_id"] = job_id
        if lens is not UNSET:
            field_dict["Lens"] = lens
        if collector is not UNSET:
            field_dict["collector"] = collector
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if cluster_name is not UNSET:
            field_dict["cluster_name"] = cluster_name
        if seconds is not UNSET:
            field_dict["seconds"] = seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _opt = d.pop("opt", UNSET)
        opt: TriggerRequestOpt | Unset
        if isinstance(_opt, Unset):
            opt = UNSET
        else:
            opt = TriggerRequestOpt(_opt)

        def _parse_JobID(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        JobID = _parse_JobID(d.pop("JobID", UNSET))

        def _parse_job_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        job_id = _parse_job_id(d.pop("job_id", UNSET))

        lens = cast(list[str], d.pop("Lens", UNSET))

        collector = d.pop("collector", UNSET)

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        def _parse_cluster_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster_name = _parse_cluster_name(d.pop("cluster_name", UNSET))

        seconds = d.pop("seconds", UNSET)

        trigger_request = cls(
            opt=opt,
            JobID=JobID,
            job_id=job_id,
            lens=lens,
            collector=collector,
            cluster=cluster,
            cluster_name=cluster_name,
            seconds=seconds,
        )

        trigger_request.additional_properties = d
        return trigger_request

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
