"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewQuote")


@_attrs_define
class NewQuote:
    """Characters that no terminal shows are left out of `text`.

    Attributes:
        worker_id (str):
        terminal_id (str):
        text (str):
    """

    worker_id: str
    terminal_id: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        worker_id = self.worker_id

        terminal_id = self.terminal_id

        text = self.text

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "worker_id": worker_id,
                "terminal_id": terminal_id,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        worker_id = d.pop("worker_id")

        terminal_id = d.pop("terminal_id")

        text = d.pop("text")

        new_quote = cls(
            worker_id=worker_id,
            terminal_id=terminal_id,
            text=text,
        )

        return new_quote
