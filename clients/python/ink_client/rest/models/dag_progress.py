"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_state import JobState

if TYPE_CHECKING:
    from ..models.dag_node_progress import DagNodeProgress
    from ..models.dag_progress_counts import DagProgressCounts


T = TypeVar("T", bound="DagProgress")


@_attrs_define
class DagProgress:
    """`counts` are of nodes by state; `manager` is the job that submits the others, where there is one.

    Attributes:
        cluster (str):
        dag (str):
        owner (str):
        state (JobState): INK's own state words, and `SUSPENDED`, for which it has none.
        submitted_at (datetime.datetime | None):
        ended_at (datetime.datetime | None):
        manager (None | str):
        counts (DagProgressCounts):
        nodes (list[DagNodeProgress]):
    """

    cluster: str
    dag: str
    owner: str
    state: JobState
    submitted_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    manager: None | str
    counts: DagProgressCounts
    nodes: list[DagNodeProgress]

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        dag = self.dag

        owner = self.owner

        state = self.state.value

        submitted_at: None | str
        if isinstance(self.submitted_at, datetime.datetime):
            submitted_at = self.submitted_at.isoformat()
        else:
            submitted_at = self.submitted_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        manager: None | str
        manager = self.manager

        counts = self.counts.to_dict()

        nodes = []
        for nodes_item_data in self.nodes:
            nodes_item = nodes_item_data.to_dict()
            nodes.append(nodes_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "dag": dag,
                "owner": owner,
                "state": state,
                "submitted_at": submitted_at,
                "ended_at": ended_at,
                "manager": manager,
                "counts": counts,
                "nodes": nodes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dag_node_progress import DagNodeProgress  # noqa: PLC0415
        from ..models.dag_progress_counts import DagProgressCounts  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        dag = d.pop("dag")

        owner = d.pop("owner")

        state = JobState(d.pop("state"))

        def _parse_submitted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                submitted_at_type_0 = datetime.datetime.fromisoformat(data)

                return submitted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        submitted_at = _parse_submitted_at(d.pop("submitted_at"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        def _parse_manager(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        manager = _parse_manager(d.pop("manager"))

        counts = DagProgressCounts.from_dict(d.pop("counts"))

        nodes = []
        _nodes = d.pop("nodes")
        for nodes_item_data in _nodes:
            nodes_item = DagNodeProgress.from_dict(nodes_item_data)

            nodes.append(nodes_item)

        dag_progress = cls(
            cluster=cluster,
            dag=dag,
            owner=owner,
            state=state,
            submitted_at=submitted_at,
            ended_at=ended_at,
            manager=manager,
            counts=counts,
            nodes=nodes,
        )

        return dag_progress
