"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.would_have_evidence import WouldHaveEvidence


T = TypeVar("T", bound="WouldHave")


@_attrs_define
class WouldHave:
    """`step`: capture, warn, act, or left_out where the budget had no room.

    Attributes:
        cluster (str):
        job (str):
        rule (str):
        step (str):
        time (float):
        evidence (WouldHaveEvidence):
    """

    cluster: str
    job: str
    rule: str
    step: str
    time: float
    evidence: WouldHaveEvidence
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        job = self.job

        rule = self.rule

        step = self.step

        time = self.time

        evidence = self.evidence.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "job": job,
                "rule": rule,
                "step": step,
                "time": time,
                "evidence": evidence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.would_have_evidence import WouldHaveEvidence  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        job = d.pop("job")

        rule = d.pop("rule")

        step = d.pop("step")

        time = d.pop("time")

        evidence = WouldHaveEvidence.from_dict(d.pop("evidence"))

        would_have = cls(
            cluster=cluster,
            job=job,
            rule=rule,
            step=step,
            time=time,
            evidence=evidence,
        )

        would_have.additional_properties = d
        return would_have

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
