"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Agent")


@_attrs_define
class Agent:
    """
    Attributes:
        worker_id (str):
        user (str):
        place (str):
        state (str):
        cluster (None | str):
        job_id (None | str):
        node (None | str):
        workspace (str):
        detail (None | str):
    """

    worker_id: str
    user: str
    place: str
    state: str
    cluster: None | str
    job_id: None | str
    node: None | str
    workspace: str
    detail: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        worker_id = self.worker_id

        user = self.user

        place = self.place

        state = self.state

        cluster: None | str
        cluster = self.cluster

        job_id: None | str
        job_id = self.job_id

        node: None | str
        node = self.node

        workspace = self.workspace

        detail: None | str
        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "worker_id": worker_id,
                "user": user,
                "place": place,
                "state": state,
                "cluster": cluster,
                "job_id": job_id,
                "node": node,
                "workspace": workspace,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        worker_id = d.pop("worker_id")

        user = d.pop("user")

        place = d.pop("place")

        state = d.pop("state")

        def _parse_cluster(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cluster = _parse_cluster(d.pop("cluster"))

        def _parse_job_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        job_id = _parse_job_id(d.pop("job_id"))

        def _parse_node(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        node = _parse_node(d.pop("node"))

        workspace = d.pop("workspace")

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        agent = cls(
            worker_id=worker_id,
            user=user,
            place=place,
            state=state,
            cluster=cluster,
            job_id=job_id,
            node=node,
            workspace=workspace,
            detail=detail,
        )

        agent.additional_properties = d
        return agent

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
