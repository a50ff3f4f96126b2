"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_app_session_inputs import NewAppSessionInputs


T = TypeVar("T", bound="NewAppSession")


@_attrs_define
class NewAppSession:
    """
    Attributes:
        app (str):
        cpus (int | None | Unset):
        memory_mb (int | None | Unset):
        wall_time_s (int | None | Unset):
        gpus (int | None | Unset):
        queue (None | str | Unset): Partition, where the cluster has several.
        group (None | str | Unset): Accounting group or account.
        qos (None | str | Unset):
        inputs (NewAppSessionInputs | Unset):
        cluster (None | str | Unset): Without it the default cluster.
    """

    app: str
    cpus: int | None | Unset = UNSET
    memory_mb: int | None | Unset = UNSET
    wall_time_s: int | None | Unset = UNSET
    gpus: int | None | Unset = UNSET
    queue: None | str | Unset = UNSET
    group: None | str | Unset = UNSET
    qos: None | str | Unset = UNSET
    inputs: NewAppSessionInputs | Unset = UNSET
    cluster: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        app = self.app

        cpus: int | None | Unset
        if isinstance(self.cpus, Unset):
            cpus = UNSET
        else:
            cpus = self.cpus

        memory_mb: int | None | Unset
        if isinstance(self.memory_mb, Unset):
            memory_mb = UNSET
        else:
            memory_mb = self.memory_mb

        wall_time_s: int | None | Unset
        if isinstance(self.wall_time_s, Unset):
            wall_time_s = UNSET
        else:
            wall_time_s = self.wall_time_s

        gpus: int | None | Unset
        if isinstance(self.gpus, Unset):
            gpus = UNSET
        else:
            gpus = self.gpus

        queue: None | str | Unset
        if isinstance(self.queue, Unset):
            queue = UNSET
        else:
            queue = self.queue

        group: None | str | Unset
        if isinstance(self.group, Unset):
            group = UNSET
        else:
            group = self.group

        qos: None | str | Unset
        if isinstance(self.qos, Unset):
            qos = UNSET
        else:
            qos = self.qos

        inputs: dict[str, Any] | Unset = UNSET
        if not isinstance(self.inputs, Unset):
            inputs = self.inputs.to_dict()

        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "app": app,
            }
        )
        if cpus is not UNSET:
            field_dict["cpus"] = cpus
        if memory_mb is not UNSET:
            field_dict["memory_mb"] = memory_mb
        if wall_time_s is not UNSET:
            field_dict["wall_time_s"] = wall_time_s
        if gpus is not UNSET:
            field_dict["gpus"] = gpus
        if queue is not UNSET:
            field_dict["queue"] = queue
        if group is not UNSET:
            field_dict["group"] = group
        if qos is not UNSET:
            field_dict["qos"] = qos
        if inputs is not UNSET:
            field_dict["inputs"] = inputs
        if cluster is not UNSET:
            field_dict["cluster"] = cluster

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_app_session_inputs import NewAppSessionInputs  # noqa: PLC0415

        d = dict(src_dict)
        app = d.pop("app")

        def _parse_cpus(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        cpus = _parse_cpus(d.pop("cpus", UNSET))

        def _parse_memory_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_mb = _parse_memory_mb(d.pop("memory_mb", UNSET))

        def _parse_wall_time_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        wall_time_s = _parse_wall_time_s(d.pop("wall_time_s", UNSET))

        def _parse_gpus(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        gpus = _parse_gpus(d.pop("gpus", UNSET))

        def _parse_queue(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        queue = _parse_queue(d.pop("queue", UNSET))

        def _parse_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        group = _parse_group(d.pop("group", UNSET))

        def _parse_qos(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        qos = _parse_qos(d.pop("qos", UNSET))

        _inputs = d.pop("inputs", UNSET)
        inputs: NewAppSessionInputs | Unset
        if isinstance(_inputs, Unset):
            inputs = UNSET
        else:
            inputs = NewAppSessionInputs.from_dict(_inputs)

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        new_app_session = cls(
            app=app,
            cpus=cpus,
            memory_mb=memory_mb,
            wall_time_s=wall_time_s,
            gpus=gpus,
            queue=queue,
            group=group,
            qos=qos,
            inputs=inputs,
            cluster=cluster,
        )

        return new_app_session
