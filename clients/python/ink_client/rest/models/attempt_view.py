"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AttemptView")


@_attrs_define
class AttemptView:
    """
    Attributes:
        call_id (str):
        chain (str):
        tool (str):
        user (str):
        time (datetime.datetime):
        verdict (str):
        decided_by (str):
        outcome (str):
        detail (str):
        jobs (list[str]):
    """

    call_id: str
    chain: str
    tool: str
    user: str
    time: datetime.datetime
    verdict: str
    decided_by: str
    outcome: str
    detail: str
    jobs: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        call_id = self.call_id

        chain = self.chain

        tool = self.tool

        user = self.user

        time = self.time.isoformat()

        verdict = self.verdict

        decided_by = self.decided_by

        outcome = self.outcome

        detail = self.detail

        jobs = self.jobs

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "call_id": call_id,
                "chain": chain,
                "tool": tool,
                "user": user,
                "time": time,
                "verdict": verdict,
                "decided_by": decided_by,
                "outcome": outcome,
                "detail": detail,
                "jobs": jobs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        call_id = d.pop("call_id")

        chain = d.pop("chain")

        tool = d.pop("tool")

        user = d.pop("user")

        time = datetime.datetime.fromisoformat(d.pop("time"))

        verdict = d.pop("verdict")

        decided_by = d.pop("decided_by")

        outcome = d.pop("outcome")

        detail = d.pop("detail")

        jobs = cast(list[str], d.pop("jobs"))

        attempt_view = cls(
            call_id=call_id,
            chain=chain,
            tool=tool,
            user=user,
            time=time,
            verdict=verdict,
            decided_by=decided_by,
            outcome=outcome,
            detail=detail,
            jobs=jobs,
        )

        attempt_view.additional_properties = d
        return attempt_view

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
