"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewBudget")


@_attrs_define
class NewBudget:
    """
    Attributes:
        tokens (int | None): Null for no limit.
        money (float | None): In the site's unit of money; null for no limit.
    """

    tokens: int | None
    money: float | None

    def to_dict(self) -> dict[str, Any]:
        tokens: int | None
        tokens = self.tokens

        money: float | None
        money = self.money

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tokens": tokens,
                "money": money,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        tokens = _parse_tokens(d.pop("tokens"))

        def _parse_money(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        money = _parse_money(d.pop("money"))

        new_budget = cls(
            tokens=tokens,
            money=money,
        )

        return new_budget
