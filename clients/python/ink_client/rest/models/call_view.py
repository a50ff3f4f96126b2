"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.call_view_status import CallViewStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_problem import CallProblem
    from ..models.call_view_arguments import CallViewArguments
    from ..models.call_view_preview_type_0 import CallViewPreviewType0


T = TypeVar("T", bound="CallView")


@_attrs_define
class CallView:
    """The `Call` object of docs/reference/http-api.md.

    Attributes:
        call_id (str):
        tool (str):
        arguments (CallViewArguments):
        status (CallViewStatus):
        result (Any | Unset):
        error (CallProblem | None | Unset):
        approval_id (None | str | Unset):
        preview (CallViewPreviewType0 | None | Unset):
    """

    call_id: str
    tool: str
    arguments: CallViewArguments
    status: CallViewStatus
    result: Any | Unset = UNSET
    error: CallProblem | None | Unset = UNSET
    approval_id: None | str | Unset = UNSET
    preview: CallViewPreviewType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.call_problem import CallProblem  # noqa: PLC0415
        from ..models.call_view_preview_type_0 import CallViewPreviewType0  # noqa: PLC0415

        call_id = self.call_id

        tool = self.tool

        arguments = self.arguments.to_dict()

        status = self.status.value

        result = self.result

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, CallProblem):
            error = self.error.to_dict()
        else:
            error = self.error

        approval_id: None | str | Unset
        if isinstance(self.approval_id, Unset):
            approval_id = UNSET
        else:
            approval_id = self.approval_id

        preview: dict[str, Any] | None | Unset
        if isinstance(self.preview, Unset):
            preview = UNSET
        elif isinstance(self.preview, CallViewPreviewType0):
            preview = self.preview.to_dict()
        else:
            preview = self.preview

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "call_id": call_id,
                "tool": tool,
                "arguments": arguments,
                "status": status,
            }
        )
        if result is not UNSET:
            field_dict["result"] = result
        if error is not UNSET:
            field_dict["error"] = error
        if approval_id is not UNSET:
            field_dict["approval_id"] = approval_id
        if preview is not UNSET:
            field_dict["preview"] = preview

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_problem import CallProblem  # noqa: PLC0415
        from ..models.call_view_arguments import CallViewArguments  # noqa: PLC0415
        from ..models.call_view_preview_type_0 import CallViewPreviewType0  # noqa: PLC0415

        d = dict(src_dict)
        call_id = d.pop("call_id")

        tool = d.pop("tool")

        arguments = CallViewArguments.from_dict(d.pop("arguments"))

        status = CallViewStatus(d.pop("status"))

        result = d.pop("result", UNSET)

        def _parse_error(data: object) -> CallProblem | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = CallProblem.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CallProblem | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_approval_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        approval_id = _parse_approval_id(d.pop("approval_id", UNSET))

        def _parse_preview(data: object) -> CallViewPreviewType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                preview_type_0 = CallViewPreviewType0.from_dict(data)

                return preview_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CallViewPreviewType0 | None | Unset, data)

        preview = _parse_preview(d.pop("preview", UNSET))

        call_view = cls(
            call_id=call_id,
            tool=tool,
            arguments=arguments,
            status=status,
            result=result,
            error=error,
            approval_id=approval_id,
            preview=preview,
        )

        return call_view
