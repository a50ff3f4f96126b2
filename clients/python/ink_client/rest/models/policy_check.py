"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.policy_problem import PolicyProblem


T = TypeVar("T", bound="PolicyCheck")


@_attrs_define
class PolicyCheck:
    """`version` is null where there are problems; `warnings` tell what its rules may have forgotten.

    Attributes:
        version (None | str):
        rules (int):
        problems (list[PolicyProblem]):
        warnings (list[str]):
    """

    version: None | str
    rules: int
    problems: list[PolicyProblem]
    warnings: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version: None | str
        version = self.version

        rules = self.rules

        problems = []
        for problems_item_data in self.problems:
            problems_item = problems_item_data.to_dict()
            problems.append(problems_item)

        warnings = self.warnings

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "rules": rules,
                "problems": problems,
                "warnings": warnings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.policy_problem import PolicyProblem  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        rules = d.pop("rules")

        problems = []
        _problems = d.pop("problems")
        for problems_item_data in _problems:
            problems_item = PolicyProblem.from_dict(problems_item_data)

            problems.append(problems_item)

        warnings = cast(list[str], d.pop("warnings"))

        policy_check = cls(
            version=version,
            rules=rules,
            problems=problems,
            warnings=warnings,
        )

        policy_check.additional_properties = d
        return policy_check

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
