"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.managed_model_state import ManagedModelState
from ..models.managed_model_tool_calling import ManagedModelToolCalling
from ..models.trust_class import TrustClass

if TYPE_CHECKING:
    from ..models.switched import Switched


T = TypeVar("T", bound="ManagedModel")


@_attrs_define
class ManagedModel:
    """`endpoint` and `model` are what is asked, null for the built-in guide; never a key.

    `state`: `resting` after `failures` in a row for `resting_s` more seconds, while others of its trust class answer;
    `off` was switched off, `switched` tells by whom and why. All but the switch is changed in the settings.

        Attributes:
            name (str):
            trust (TrustClass): `site`: hosted by the computing centre; `external`: anybody else's. `builtin`: no model and
                no network at all.
            context_tokens (int | None):
            prompt_price (float):
            completion_price (float):
            tool_calling (ManagedModelToolCalling):
            is_default (bool):
            endpoint (None | str):
            model (None | str):
            state (ManagedModelState):
            failures (int):
            resting_s (float):
            switched (None | Switched):
    """

    name: str
    trust: TrustClass
    context_tokens: int | None
    prompt_price: float
    completion_price: float
    tool_calling: ManagedModelToolCalling
    is_default: bool
    endpoint: None | str
    model: None | str
    state: ManagedModelState
    failures: int
    resting_s: float
    switched: None | Switched
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.switched import Switched  # noqa: PLC0415

        name = self.name

        trust = self.trust.value

        context_tokens: int | None
        context_tokens = self.context_tokens

        prompt_price = self.prompt_price

        completion_price = self.completion_price

        tool_calling = self.tool_calling.value

        is_default = self.is_default

        endpoint: None | str
        endpoint = self.endpoint

        model: None | str
        model = self.model

        state = self.state.value

        failures = self.failures

        resting_s = self.resting_s

        switched: dict[str, Any] | None
        if isinstance(self.switched, Switched):
            switched = self.switched.to_dict()
        else:
            switched = self.switched

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
                "endpoint": endpoint,
                "model": model,
                "state": state,
                "failures": failures,
                "resting_s": resting_s,
                "switched": switched,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.switched import Switched  # noqa: PLC0415

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

        tool_calling = ManagedModelToolCalling(d.pop("tool_calling"))

        is_default = d.pop("is_default")

        def _parse_endpoint(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        endpoint = _parse_endpoint(d.pop("endpoint"))

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        state = ManagedModelState(d.pop("state"))

        failures = d.pop("failures")

        resting_s = d.pop("resting_s")

        def _parse_switched(data: object) -> None | Switched:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                switched_type_0 = Switched.from_dict(data)

                return switched_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Switched, data)

        switched = _parse_switched(d.pop("switched"))

        managed_model = cls(
            name=name,
            trust=trust,
            context_tokens=context_tokens,
            prompt_price=prompt_price,
            completion_price=completion_price,
            tool_calling=tool_calling,
            is_default=is_default,
            endpoint=endpoint,
            model=model,
            state=state,
            failures=failures,
            resting_s=resting_s,
            switched=switched,
        )

        managed_model.additional_properties = d
        return managed_model

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
