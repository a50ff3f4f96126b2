"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ErasureRequest")


@_attrs_define
class ErasureRequest:
    """Exactly one of user, session_id and call_id.

    Attributes:
        reason (str):
        user (str | Unset):  Default: ''.
        session_id (str | Unset):  Default: ''.
        call_id (str | Unset):  Default: ''.
    """

    reason: str
    user: str | Unset = ""
    session_id: str | Unset = ""
    call_id: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        user = self.user

        session_id = self.session_id

        call_id = self.call_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if user is not UNSET:
            field_dict["user"] = user
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if call_id is not UNSET:
            field_dict["call_id"] = call_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        user = d.pop("user", UNSET)

        session_id = d.pop("session_id", UNSET)

        call_id = d.pop("call_id", UNSET)

        erasure_request = cls(
            reason=reason,
            user=user,
            session_id=session_id,
            call_id=call_id,
        )

        return erasure_request
