"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Budget")


@_attrs_define
class Budget:
    """Limits of a user's calendar month (UTC), and what is spent of it.

    Attributes:
        username (str):
        tokens (int | None):
        money (float | None):
        tokens_spent (int):
        money_spent (float):
    """

    username: str
    tokens: int | None
    money: float | None
    tokens_spent: int
    money_spent: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        tokens: int | None
        tokens = self.tokens

        money: float | None
        money = self.money

        tokens_spent = self.tokens_spent

        money_spent = self.money_spent

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "username": username,
                "tokens": tokens,
                "money": money,
                "tokens_spent": tokens_spent,
                "money_spent": money_spent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username")

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

        tokens_spent = d.pop("tokens_spent")

        money_spent = d.pop("money_spent")

        budget = cls(
            username=username,
            tokens=tokens,
            money=money,
            tokens_spent=tokens_spent,
            money_spent=money_spent,
        )

        budget.additional_properties = d
        return budget

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
