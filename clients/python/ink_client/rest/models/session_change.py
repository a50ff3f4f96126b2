"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SessionChange")


@_attrs_define
class SessionChange:
    """Only the fields that are given are changed; `worker_id` null detaches the worker.

    Attributes:
        title (str | Unset):  Default: ''.
        worker_id (None | str | Unset):
        model (str | Unset):  Default: ''.
    """

    title: str | Unset = ""
    worker_id: None | str | Unset = UNSET
    model: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        worker_id: None | str | Unset
        if isinstance(self.worker_id, Unset):
            worker_id = UNSET
        else:
            worker_id = self.worker_id

        model = self.model

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if worker_id is not UNSET:
            field_dict["worker_id"] = worker_id
        if model is not UNSET:
            field_dict["model"] = model

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = d.pop("title", UNSET)

        def _parse_worker_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        worker_id = _parse_worker_id(d.pop("worker_id", UNSET))

        model = d.pop("model", UNSET)

        session_change = cls(
            title=title,
            worker_id=worker_id,
            model=model,
        )

        return session_change
