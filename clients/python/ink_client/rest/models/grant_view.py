"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.grant_view_arguments import GrantViewArguments


T = TypeVar("T", bound="GrantView")


@_attrs_define
class GrantView:
    """`arguments`: for each argument of a later call the limit that it must keep.

    Attributes:
        grant_id (str):
        approval_id (str):
        session_id (None | str):
        tool (str):
        requester (str):
        approver (str):
        rule (str):
        risk (str):
        owners (list[str]):
        most_targets (int):
        arguments (GrantViewArguments):
        given_at (datetime.datetime):
        expires_at (datetime.datetime):
        used (int):
        most_uses (int):
    """

    grant_id: str
    approval_id: str
    session_id: None | str
    tool: str
    requester: str
    approver: str
    rule: str
    risk: str
    owners: list[str]
    most_targets: int
    arguments: GrantViewArguments
    given_at: datetime.datetime
    expires_at: datetime.datetime
    used: int
    most_uses: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        grant_id = self.grant_id

        approval_id = self.approval_id

        session_id: None | str
        session_id = self.session_id

        tool = self.tool

        requester = self.requester

        approver = self.approver

        rule = self.rule

        risk = self.risk

        owners = self.owners

        most_targets = self.most_targets

        arguments = self.arguments.to_dict()

        given_at = self.given_at.isoformat()

        expires_at = self.expires_at.isoformat()

        used = self.used

        most_uses = self.most_uses

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "grant_id": grant_id,
                "approval_id": approval_id,
                "session_id": session_id,
                "tool": tool,
                "requester": requester,
                "approver": approver,
                "rule": rule,
                "risk": risk,
                "owners": owners,
                "most_targets": most_targets,
                "arguments": arguments,
                "given_at": given_at,
                "expires_at": expires_at,
                "used": used,
                "most_uses": most_uses,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant_view_arguments import GrantViewArguments  # noqa: PLC0415

        d = dict(src_dict)
        grant_id = d.pop("grant_id")

        approval_id = d.pop("approval_id")

        def _parse_session_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        session_id = _parse_session_id(d.pop("session_id"))

        tool = d.pop("tool")

        requester = d.pop("requester")

        approver = d.pop("approver")

        rule = d.pop("rule")

        risk = d.pop("risk")

        owners = cast(list[str], d.pop("owners"))

        most_targets = d.pop("most_targets")

        arguments = GrantViewArguments.from_dict(d.pop("arguments"))

        given_at = datetime.datetime.fromisoformat(d.pop("given_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        used = d.pop("used")

        most_uses = d.pop("most_uses")

        grant_view = cls(
            grant_id=grant_id,
            approval_id=approval_id,
            session_id=session_id,
            tool=tool,
            requester=requester,
            approver=approver,
            rule=rule,
            risk=risk,
            owners=owners,
            most_targets=most_targets,
            arguments=arguments,
            given_at=given_at,
            expires_at=expires_at,
            used=used,
            most_uses=most_uses,
        )

        grant_view.additional_properties = d
        return grant_view

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
