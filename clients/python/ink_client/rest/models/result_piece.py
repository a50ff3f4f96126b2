"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.result_piece_kind import ResultPieceKind

T = TypeVar("T", bound="ResultPiece")


@_attrs_define
class ResultPiece:
    """`offset`, `total` and `next_offset` count items of a list, fields of an object or characters of a text.

    Attributes:
        call_id (str):
        pointer (str):
        kind (ResultPieceKind):
        offset (int):
        total (int):
        next_offset (int | None):
        value (Any):
    """

    call_id: str
    pointer: str
    kind: ResultPieceKind
    offset: int
    total: int
    next_offset: int | None
    value: Any

    def to_dict(self) -> dict[str, Any]:
        call_id = self.call_id

        pointer = self.pointer

        kind = self.kind.value

        offset = self.offset

        total = self.total

        next_offset: int | None
        next_offset = self.next_offset

        value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "call_id": call_id,
                "pointer": pointer,
                "kind": kind,
                "offset": offset,
                "total": total,
                "next_offset": next_offset,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        call_id = d.pop("call_id")

        pointer = d.pop("pointer")

        kind = ResultPieceKind(d.pop("kind"))

        offset = d.pop("offset")

        total = d.pop("total")

        def _parse_next_offset(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        next_offset = _parse_next_offset(d.pop("next_offset"))

        value = d.pop("value")

        result_piece = cls(
            call_id=call_id,
            pointer=pointer,
            kind=kind,
            offset=offset,
            total=total,
            next_offset=next_offset,
            value=value,
        )

        return result_piece
