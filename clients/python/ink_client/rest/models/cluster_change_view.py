"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.origin import Origin

T = TypeVar("T", bound="ClusterChangeView")


@_attrs_define
class ClusterChangeView:
    """A call that changes something. `session_id` is the conversation that it was made in, `rule` what decided on it.

    `verdict` is that of people where they were asked, by `decided_by`; `outcome` is open until the call has ended.

        Attributes:
            call_id (str):
            time (datetime.datetime):
            session_id (None | str):
            tool (str):
            risk (str):
            origin (Origin): Who wrote the call: the model, a person in the page, a REST or MCP client, or the harness by
                its own rules.
            user (str):
            rule (str):
            targets (int):
            jobs (list[str]):
            verdict (str):
            decided_by (str):
            outcome (str):
            detail (str):
    """

    call_id: str
    time: datetime.datetime
    session_id: None | str
    tool: str
    risk: str
    origin: Origin
    user: str
    rule: str
    targets: int
    jobs: list[str]
    verdict: str
    decided_by: str
    outcome: str
    detail: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        call_id = self.call_id

        time = self.time.isoformat()

        session_id: None | str
        session_id = self.session_id

        tool = self.tool

        risk = self.risk

        origin = self.origin.value

        user = self.user

        rule = self.rule

        targets = self.targets

        jobs = self.jobs

        verdict = self.verdict

        decided_by = self.decided_by

        outcome = self.outcome

        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "call_id": call_id,
                "time": time,
                "session_id": session_id,
                "tool": tool,
                "risk": risk,
                "origin": origin,
                "user": user,
                "rule": rule,
                "targets": targets,
                "jobs": jobs,
                "verdict": verdict,
                "decided_by": decided_by,
                "outcome": outcome,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        call_id = d.pop("call_id")

        time = datetime.datetime.fromisoformat(d.pop("time"))

        def _parse_session_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        session_id = _parse_session_id(d.pop("session_id"))

        tool = d.pop("tool")

        risk = d.pop("risk")

        origin = Origin(d.pop("origin"))

        user = d.pop("user")

        rule = d.pop("rule")

        targets = d.pop("targets")

        jobs = cast(list[str], d.pop("jobs"))

        verdict = d.pop("verdict")

        decided_by = d.pop("decided_by")

        outcome = d.pop("outcome")

        detail = d.pop("detail")

        cluster_change_view = cls(
            call_id=call_id,
            time=time,
            session_id=session_id,
            tool=tool,
            risk=risk,
            origin=origin,
            user=user,
            rule=rule,
            targets=targets,
            jobs=jobs,
            verdict=verdict,
            decided_by=decided_by,
            outcome=outcome,
            detail=detail,
        )

        cluster_change_view.additional_properties = d
        return cluster_change_view

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
