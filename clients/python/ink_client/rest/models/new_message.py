"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_quote import NewQuote


T = TypeVar("T", bound="NewMessage")


@_attrs_define
class NewMessage:
    """`quotes`: what programs printed in terminals of one's own workers, as data to the agent.

    Attributes:
        text (str):
        quotes (list[NewQuote] | Unset):
    """

    text: str
    quotes: list[NewQuote] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        quotes: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.quotes, Unset):
            quotes = []
            for quotes_item_data in self.quotes:
                quotes_item = quotes_item_data.to_dict()
                quotes.append(quotes_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if quotes is not UNSET:
            field_dict["quotes"] = quotes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_quote import NewQuote  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        _quotes = d.pop("quotes", UNSET)
        quotes: list[NewQuote] | Unset = UNSET
        if _quotes is not UNSET:
            quotes = []
            for quotes_item_data in _quotes:
                quotes_item = NewQuote.from_dict(quotes_item_data)

                quotes.append(quotes_item)

        new_message = cls(
            text=text,
            quotes=quotes,
        )

        return new_message
