"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.switch_state import SwitchState

if TYPE_CHECKING:
    from ..models.switched import Switched


T = TypeVar("T", bound="ManagedRule")


@_attrs_define
class ManagedRule:
    """`written` is the rule as the file has it; `state` what it does now, and `switched` who set it so, if anybody.

    Attributes:
        name (str):
        text (str):
        state (SwitchState): `dry_run`: what a rule would do is told and not done; a model knows on and off only.
        switched (None | Switched):
        steps (list[str]):
        written (Any):
    """

    name: str
    text: str
    state: SwitchState
    switched: None | Switched
    steps: list[str]
    written: Any
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.switched import Switched  # noqa: PLC0415

        name = self.name

        text = self.text

        state = self.state.value

        switched: dict[str, Any] | None
        if isinstance(self.switched, Switched):
            switched = self.switched.to_dict()
        else:
            switched = self.switched

        steps = self.steps

        written = self.written

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "text": text,
                "state": state,
                "switched": switched,
                "steps": steps,
                "written": written,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.switched import Switched  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        text = d.pop("text")

        state = SwitchState(d.pop("state"))

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

        steps = cast(list[str], d.pop("steps"))

        written = d.pop("written")

        managed_rule = cls(
            name=name,
            text=text,
            state=state,
            switched=switched,
            steps=steps,
            written=written,
        )

        managed_rule.additional_properties = d
        return managed_rule

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
