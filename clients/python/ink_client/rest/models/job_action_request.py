"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_action import JobAction
from ..types import UNSET, Unset

T = TypeVar("T", bound="JobActionRequest")


@_attrs_define
class JobActionRequest:
    """
    Attributes:
        action (JobAction):
        job_ids (list[str] | Unset):
        all_ (bool | Unset): Instead of ids: all of one's own jobs on the cluster. Default: False.
        owner (None | str | Unset): The same for another user.
        cluster (None | str | Unset): Cluster name; without it the default cluster.
        reason (str | Unset): Why; the owner of a job may see it. Default: ''.
    """

    action: JobAction
    job_ids: list[str] | Unset = UNSET
    all_: bool | Unset = False
    owner: None | str | Unset = UNSET
    cluster: None | str | Unset = UNSET
    reason: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        action = self.action.value

        job_ids: list[str] | Unset = UNSET
        if not isinstance(self.job_ids, Unset):
            job_ids = self.job_ids

        all_ = self.all_

        owner: None | str | Unset
        if isinstance(self.owner, Unset):
            owner = UNSET
        else:
            owner = self.owner

        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "action": action,
            }
        )
        if job_ids is not UNSET:
            field_dict["job_ids"] = job_ids
        if all_ is not UNSET:
            field_dict["all"] = all_
        if owner is not UNSET:
            field_dict["owner"] = owner
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = JobAction(d.pop("action"))

        job_ids = cast(list[str], d.pop("job_ids", UNSET))

        all_ = d.pop("all", UNSET)

        def _parse_owner(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        owner = _parse_owner(d.pop("owner", UNSET))

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        reason = d.pop("reason", UNSET)

        job_action_request = cls(
            action=action,
            job_ids=job_ids,
            all_=all_,
            owner=owner,
            cluster=cluster,
            reason=reason,
        )

        return job_action_request
