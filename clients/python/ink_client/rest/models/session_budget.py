"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SessionBudget")


@_attrs_define
class SessionBudget:
    """Limits of one conversation; a user's own, within what the month has left.

    Attributes:
        tokens (int | None | Unset): Null for no limit.
        money (float | None | Unset): In the site's unit of money; null for no limit.
        calls (int | None | Unset): Null for no limit.
        wall_s (float | None | Unset): Null for no limit.
        cpu_hours (float | None | Unset): Null for no limit.
    """

    tokens: int | None | Unset = UNSET
    money: float | None | Unset = UNSET
    calls: int | None | Unset = UNSET
    wall_s: float | None | Unset = UNSET
    cpu_hours: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        tokens: int | None | Unset
        if isinstance(self.tokens, Unset):
            tokens = UNSET
        else:
            tokens = self.tokens

        money: float | None | Unset
        if isinstance(self.money, Unset):
            money = UNSET
        else:
            money = self.money

        calls: int | None | Unset
        if isinstance(self.calls, Unset):
            calls = UNSET
        else:
            calls = self.calls

        wall_s: float | None | Unset
        if isinstance(self.wall_s, Unset):
            wall_s = UNSET
        else:
            wall_s = self.wall_s

        cpu_hours: float | None | Unset
        if isinstance(self.cpu_hours, Unset):
            cpu_hours = UNSET
        else:
            cpu_hours = self.cpu_hours

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if tokens is not UNSET:
            field_dict["tokens"] = tokens
        if money is not UNSET:
            field_dict["money"] = money
        if calls is not UNSET:
            field_dict["calls"] = calls
        if wall_s is not UNSET:
            field_dict["wall_s"] = wall_s
        if cpu_hours is not UNSET:
            field_dict["cpu_hours"] = cpu_hours

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_tokens(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        tokens = _parse_tokens(d.pop("tokens", UNSET))

        def _parse_money(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        money = _parse_money(d.pop("money", UNSET))

        def _parse_calls(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        calls = _parse_calls(d.pop("calls", UNSET))

        def _parse_wall_s(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        wall_s = _parse_wall_s(d.pop("wall_s", UNSET))

        def _parse_cpu_hours(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cpu_hours = _parse_cpu_hours(d.pop("cpu_hours", UNSET))

        session_budget = cls(
            tokens=tokens,
            money=money,
            calls=calls,
            wall_s=wall_s,
            cpu_hours=cpu_hours,
        )

        return session_budget
