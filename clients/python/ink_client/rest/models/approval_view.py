"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.approval_view_arguments import ApprovalViewArguments
    from ..models.approval_view_preview import ApprovalViewPreview


T = TypeVar("T", bound="ApprovalView")


@_attrs_define
class ApprovalView:
    """`trace` names each rule that was looked at with what was found; `given` are those who have approved so far.

    Attributes:
        approval_id (str):
        call_id (str):
        session_id (None | str):
        tool (str):
        arguments (ApprovalViewArguments):
        requester (str):
        risk (str):
        rule (str):
        reason (str):
        digest (str):
        preview (ApprovalViewPreview):
        requested_at (datetime.datetime):
        expires_at (datetime.datetime):
        state (str):
        decided_by (None | str):
        decided_reason (None | str):
        worker_id (None | str):
        approver (str):
        persons (int):
        given (list[str]):
        fresh_login_s (float | None):
        grantable (bool):
        unbound (list[str]):
        diff (None | str):
        trace (list[list[str]]):
    """

    approval_id: str
    call_id: str
    session_id: None | str
    tool: str
    arguments: ApprovalViewArguments
    requester: str
    risk: str
    rule: str
    reason: str
    digest: str
    preview: ApprovalViewPreview
    requested_at: datetime.datetime
    expires_at: datetime.datetime
    state: str
    decided_by: None | str
    decided_reason: None | str
    worker_id: None | str
    approver: str
    persons: int
    given: list[str]
    fresh_login_s: float | None
    grantable: bool
    unbound: list[str]
    diff: None | str
    trace: list[list[str]]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        approval_id = self.approval_id

        call_id = self.call_id

        session_id: None | str
        session_id = self.session_id

        tool = self.tool

        arguments = self.arguments.to_dict()

        requester = self.requester

        risk = self.risk

        rule = self.rule

        reason = self.reason

        digest = self.digest

        preview = self.preview.to_dict()

        requested_at = self.requested_at.isoformat()

        expires_at = self.expires_at.isoformat()

        state = self.state

        decided_by: None | str
        decided_by = self.decided_by

        decided_reason: None | str
        decided_reason = self.decided_reason

        worker_id: None | str
        worker_id = self.worker_id

        approver = self.approver

        persons = self.persons

        given = self.given

        fresh_login_s: float | None
        fresh_login_s = self.fresh_login_s

        grantable = self.grantable

        unbound = self.unbound

        diff: None | str
        diff = self.diff

        trace = []
        for trace_item_data in self.trace:
            trace_item = []
            for trace_item_item_data in trace_item_data:
                trace_item_item: str
                trace_item_item = trace_item_item_data
                trace_item.append(trace_item_item)

            trace.append(trace_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "approval_id": approval_id,
                "call_id": call_id,
                "session_id": session_id,
                "tool": tool,
                "arguments": arguments,
                "requester": requester,
                "risk": risk,
                "rule": rule,
                "reason": reason,
                "digest": digest,
                "preview": preview,
                "requested_at": requested_at,
                "expires_at": expires_at,
                "state": state,
                "decided_by": decided_by,
                "decided_reason": decided_reason,
                "worker_id": worker_id,
                "approver": approver,
                "persons": persons,
                "given": given,
                "fresh_login_s": fresh_login_s,
                "grantable": grantable,
                "unbound": unbound,
                "diff": diff,
                "trace": trace,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_view_arguments import ApprovalViewArguments  # noqa: PLC0415
        from ..models.approval_view_preview import ApprovalViewPreview  # noqa: PLC0415

        d = dict(src_dict)
        approval_id = d.pop("approval_id")

        call_id = d.pop("call_id")

        def _parse_session_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        session_id = _parse_session_id(d.pop("session_id"))

        tool = d.pop("tool")

        arguments = ApprovalViewArguments.from_dict(d.pop("arguments"))

        requester = d.pop("requester")

        risk = d.pop("risk")

        rule = d.pop("rule")

        reason = d.pop("reason")

        digest = d.pop("digest")

        preview = ApprovalViewPreview.from_dict(d.pop("preview"))

        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        state = d.pop("state")

        def _parse_decided_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        decided_by = _parse_decided_by(d.pop("decided_by"))

        def _parse_decided_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        decided_reason = _parse_decided_reason(d.pop("decided_reason"))

        def _parse_worker_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        worker_id = _parse_worker_id(d.pop("worker_id"))

        approver = d.pop("approver")

        persons = d.pop("persons")

        given = cast(list[str], d.pop("given"))

        def _parse_fresh_login_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        fresh_login_s = _parse_fresh_login_s(d.pop("fresh_login_s"))

        grantable = d.pop("grantable")

        unbound = cast(list[str], d.pop("unbound"))

        def _parse_diff(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        diff = _parse_diff(d.pop("diff"))

        trace = []
        _trace = d.pop("trace")
        for trace_item_data in _trace:
            trace_item = []
            _trace_item = trace_item_data
            for trace_item_item_data in _trace_item:

                def _parse_trace_item_item(data: object) -> str:
                    return cast(str, data)

                trace_item_item = _parse_trace_item_item(trace_item_item_data)

                trace_item.append(trace_item_item)

            trace.append(trace_item)

        approval_view = cls(
            approval_id=approval_id,
            call_id=call_id,
            session_id=session_id,
            tool=tool,
            arguments=arguments,
            requester=requester,
            risk=risk,
            rule=rule,
            reason=reason,
            digest=digest,
            preview=preview,
            requested_at=requested_at,
            expires_at=expires_at,
            state=state,
            decided_by=decided_by,
            decided_reason=decided_reason,
            worker_id=worker_id,
            approver=approver,
            persons=persons,
            given=given,
            fresh_login_s=fresh_login_s,
            grantable=grantable,
            unbound=unbound,
            diff=diff,
            trace=trace,
        )

        approval_view.additional_properties = d
        return approval_view

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
