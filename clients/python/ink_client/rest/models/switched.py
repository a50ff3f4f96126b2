"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.switch_kind import SwitchKind
from ..models.switch_state import SwitchState

T = TypeVar("T", bound="Switched")


@_attrs_define
class Switched:
    """
    Attributes:
        kind (SwitchKind):
        name (str):
        to (SwitchState): `dry_run`: what a rule would do is told and not done; a model knows on and off only.
        reason (str):
        by (str):
        at (datetime.datetime):
    """

    kind: SwitchKind
    name: str
    to: SwitchState
    reason: str
    by: str
    at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        name = self.name

        to = self.to.value

        reason = self.reason

        by = self.by

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "name": name,
                "to": to,
                "reason": reason,
                "by": by,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = SwitchKind(d.pop("kind"))

        name = d.pop("name")

        to = SwitchState(d.pop("to"))

        reason = d.pop("reason")

        by = d.pop("by")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        switched = cls(
            kind=kind,
            name=name,
            to=to,
            reason=reason,
            by=by,
            at=at,
        )

        return switched
