"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.cluster_state_jobs import ClusterStateJobs
    from ..models.cluster_state_nodes import ClusterStateNodes
    from ..models.node_trouble import NodeTrouble
    from ..models.schedd_state import ScheddState


T = TypeVar("T", bound="ClusterState")


@_attrs_define
class ClusterState:
    """`age_s` is how old the view of the queue is and `problem` why it is not newer; `load` is from 0 to 1.

    `nodes` counts them by condition; `troubled` are the first of those that do not work. `unseen` says why the nodes
    are not known.

        Attributes:
            cluster (str):
            scheduler (None | str):
            observed_at (datetime.datetime | None):
            age_s (float | None):
            problem (None | str):
            nodes (ClusterStateNodes):
            cpus (int):
            cpus_used (int):
            load (float | None):
            jobs (ClusterStateJobs):
            schedds (list[ScheddState]):
            troubled (list[NodeTrouble]):
            unseen (None | str):
            open_incidents (int):
    """

    cluster: str
    scheduler: None | str
    observed_at: datetime.datetime | None
    age_s: float | None
    problem: None | str
    nodes: ClusterStateNodes
    cpus: int
    cpus_used: int
    load: float | None
    jobs: ClusterStateJobs
    schedds: list[ScheddState]
    troubled: list[NodeTrouble]
    unseen: None | str
    open_incidents: int

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        scheduler: None | str
        scheduler = self.scheduler

        observed_at: None | str
        if isinstance(self.observed_at, datetime.datetime):
            observed_at = self.observed_at.isoformat()
        else:
            observed_at = self.observed_at

        age_s: float | None
        age_s = self.age_s

        problem: None | str
        problem = self.problem

        nodes = self.nodes.to_dict()

        cpus = self.cpus

        cpus_used = self.cpus_used

        load: float | None
        load = self.load

        jobs = self.jobs.to_dict()

        schedds = []
        for schedds_item_data in self.schedds:
            schedds_item = schedds_item_data.to_dict()
            schedds.append(schedds_item)

        troubled = []
        for troubled_item_data in self.troubled:
            troubled_item = troubled_item_data.to_dict()
            troubled.append(troubled_item)

        unseen: None | str
        unseen = self.unseen

        open_incidents = self.open_incidents

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "scheduler": scheduler,
                "observed_at": observed_at,
                "age_s": age_s,
                "problem": problem,
                "nodes": nodes,
                "cpus": cpus,
                "cpus_used": cpus_used,
                "load": load,
                "jobs": jobs,
                "schedds": schedds,
                "troubled": troubled,
                "unseen": unseen,
                "open_incidents": open_incidents,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cluster_state_jobs import ClusterStateJobs  # noqa: PLC0415
        from ..models.cluster_state_nodes import ClusterStateNodes  # noqa: PLC0415
        from ..models.node_trouble import NodeTrouble  # noqa: PLC0415
        from ..models.schedd_state import ScheddState  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        def _parse_scheduler(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        scheduler = _parse_scheduler(d.pop("scheduler"))

        def _parse_observed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                observed_at_type_0 = datetime.datetime.fromisoformat(data)

                return observed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        observed_at = _parse_observed_at(d.pop("observed_at"))

        def _parse_age_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        age_s = _parse_age_s(d.pop("age_s"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        nodes = ClusterStateNodes.from_dict(d.pop("nodes"))

        cpus = d.pop("cpus")

        cpus_used = d.pop("cpus_used")

        def _parse_load(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        load = _parse_load(d.pop("load"))

        jobs = ClusterStateJobs.from_dict(d.pop("jobs"))

        schedds = []
        _schedds = d.pop("schedds")
        for schedds_item_data in _schedds:
            schedds_item = ScheddState.from_dict(schedds_item_data)

            schedds.append(schedds_item)

        troubled = []
        _troubled = d.pop("troubled")
        for troubled_item_data in _troubled:
            troubled_item = NodeTrouble.from_dict(troubled_item_data)

            troubled.append(troubled_item)

        def _parse_unseen(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        unseen = _parse_unseen(d.pop("unseen"))

        open_incidents = d.pop("open_incidents")

        cluster_state = cls(
            cluster=cluster,
            scheduler=scheduler,
            observed_at=observed_at,
            age_s=age_s,
            problem=problem,
            nodes=nodes,
            cpus=cpus,
            cpus_used=cpus_used,
            load=load,
            jobs=jobs,
            schedds=schedds,
            troubled=troubled,
            unseen=unseen,
            open_incidents=open_incidents,
        )

        return cluster_state
