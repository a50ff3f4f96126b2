"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ActRequest")


@_attrs_define
class ActRequest:
    """`proposal` is the name of one of the proposals of its diagnosis.

    Attributes:
        proposal (str):
        wait_s (float | Unset):  Default: 30.0.
    """

    proposal: str
    wait_s: float | Unset = 30.0

    def to_dict(self) -> dict[str, Any]:
        proposal = self.proposal

        wait_s = self.wait_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "proposal": proposal,
            }
        )
        if wait_s is not UNSET:
            field_dict["wait_s"] = wait_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        proposal = d.pop("proposal")

        wait_s = d.pop("wait_s", UNSET)

        act_request = cls(
            proposal=proposal,
            wait_s=wait_s,
        )

        return act_request
