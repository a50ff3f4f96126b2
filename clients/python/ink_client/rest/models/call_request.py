"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_request_arguments import CallRequestArguments


T = TypeVar("T", bound="CallRequest")


@_attrs_define
class CallRequest:
    """
    Attributes:
        tool (str):
        arguments (CallRequestArguments | Unset):
        session_id (None | str | Unset):
        worker_id (None | str | Unset):
        wait_s (float | Unset):  Default: 30.0.
    """

    tool: str
    arguments: CallRequestArguments | Unset = UNSET
    session_id: None | str | Unset = UNSET
    worker_id: None | str | Unset = UNSET
    wait_s: float | Unset = 30.0

    def to_dict(self) -> dict[str, Any]:
        tool = self.tool

        arguments: dict[str, Any] | Unset = UNSET
        if not isinstance(self.arguments, Unset):
            arguments = self.arguments.to_dict()

        session_id: None | str | Unset
        if isinstance(self.session_id, Unset):
            session_id = UNSET
        else:
            session_id = self.session_id

        worker_id: None | str | Unset
        if isinstance(self.worker_id, Unset):
            worker_id = UNSET
        else:
            worker_id = self.worker_id

        wait_s = self.wait_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tool": tool,
            }
        )
        if arguments is not UNSET:
            field_dict["arguments"] = arguments
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if worker_id is not UNSET:
            field_dict["worker_id"] = worker_id
        if wait_s is not UNSET:
            field_dict["wait_s"] = wait_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_request_arguments import CallRequestArguments  # noqa: PLC0415

        d = dict(src_dict)
        tool = d.pop("tool")

        _arguments = d.pop("arguments", UNSET)
        arguments: CallRequestArguments | Unset
        if isinstance(_arguments, Unset):
            arguments = UNSET
        else:
            arguments = CallRequestArguments.from_dict(_arguments)

        def _parse_session_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        session_id = _parse_session_id(d.pop("session_id", UNSET))

        def _parse_worker_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        worker_id = _parse_worker_id(d.pop("worker_id", UNSET))

        wait_s = d.pop("wait_s", UNSET)

        call_request = cls(
            tool=tool,
            arguments=arguments,
            session_id=session_id,
            worker_id=worker_id,
            wait_s=wait_s,
        )

        return call_request
