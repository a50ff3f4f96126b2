"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.cluster_view import ClusterView
    from ..models.knowledge_health import KnowledgeHealth
    from ..models.policy_health import PolicyHealth


T = TypeVar("T", bound="HealthDetails")


@_attrs_define
class HealthDetails:
    """
    Attributes:
        status (str):
        policy (PolicyHealth): The policy in force; `problem` says why its file as it is now is not.
        clusters (list[ClusterView]):
        knowledge (KnowledgeHealth): The global model: its `facts`, those `waiting` to be taken in, and changes not on
            disk yet (`unsaved`).

            Since the start: `refused` counts by reason facts that it could not keep, `coalesced` those that a later word
            overtook while they waited. `problem` says why the latest save failed.
    """

    status: str
    policy: PolicyHealth
    clusters: list[ClusterView]
    knowledge: KnowledgeHealth
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        policy = self.policy.to_dict()

        clusters = []
        for clusters_item_data in self.clusters:
            clusters_item = clusters_item_data.to_dict()
            clusters.append(clusters_item)

        knowledge = self.knowledge.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "policy": policy,
                "clusters": clusters,
                "knowledge": knowledge,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cluster_view import ClusterView  # noqa: PLC0415
        from ..models.knowledge_health import KnowledgeHealth  # noqa: PLC0415
        from ..models.policy_health import PolicyHealth  # noqa: PLC0415

        d = dict(src_dict)
        status = d.pop("status")

        policy = PolicyHealth.from_dict(d.pop("policy"))

        clusters = []
        _clusters = d.pop("clusters")
        for clusters_item_data in _clusters:
            clusters_item = ClusterView.from_dict(clusters_item_data)

            clusters.append(clusters_item)

        knowledge = KnowledgeHealth.from_dict(d.pop("knowledge"))

        health_details = cls(
            status=status,
            policy=policy,
            clusters=clusters,
            knowledge=knowledge,
        )

        health_details.additional_properties = d
        return health_details

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
