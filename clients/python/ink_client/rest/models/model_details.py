"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.model_details_tool_calling import ModelDetailsToolCalling
from ..models.trust_class import TrustClass

T = TypeVar("T", bound="ModelDetails")


@_attrs_define
class ModelDetails:
    """`context_tokens` is null for the built-in guide, which has no limit and no price. Prices are of a million tokens,
    in the site's unit of money. `tool_calling` says how it is made to call tools.

        Attributes:
            name (str):
            trust (TrustClass): `site`: hosted by the computing centre; `external`: anybody else's. `builtin`: no model and
                no network at all.
            context_tokens (int | None):
            prompt_price (float):
            completion_price (float):
            tool_calling (ModelDetailsToolCalling):
            is_default (bool):
    """

    name: str
    trust: TrustClass
    context_tokens: int | None
    prompt_price: float
    completion_price: float
    tool_calling: ModelDetailsToolCalling
    is_default: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        trust = self.trust.value

        context_tokens: int | None
        context_tokens = self.context_tokens

        prompt_price = self.prompt_price

        completion_price = self.completion_price

        tool_calling = self.tool_calling.value

        is_default = self.is_default

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "trust": trust,
                "context_tokens": context_tokens,
                "prompt_price": prompt_price,
                "completion_price": completion_price,
                "tool_calling": tool_calling,
                "is_default": is_default,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        trust = TrustClass(d.pop("trust"))

        def _parse_context_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        context_tokens = _parse_context_tokens(d.pop("context_tokens"))

        prompt_price = d.pop("prompt_price")

        completion_price = d.pop("completion_price")

        tool_calling = ModelDetailsToolCalling(d.pop("tool_calling"))

        is_default = d.pop("is_default")

        model_details = cls(
            name=name,
            trust=trust,
            context_tokens=context_tokens,
            prompt_price=prompt_price,
            completion_price=completion_price,
            tool_calling=tool_calling,
            is_default=is_default,
        )

        model_details.additional_properties = d
        return model_details

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
