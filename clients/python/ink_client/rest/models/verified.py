"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.verified_outcomes import VerifiedOutcomes


T = TypeVar("T", bound="Verified")


@_attrs_define
class Verified:
    """`outcomes` counts attempts (proposed tool calls) by how they ended.

    `sealed` events are covered by the last signed checkpoint; `erased` ones have lost their personal content, as
    recorded; `missing` names archives that are not here, so that the ledger is not `whole`; `unchecked` says what else
    could not be looked at. `sealed_until` is the time of the event that the last entry of the log names;
    `witnesses` have cosigned the last checkpoint.

        Attributes:
            ok (bool):
            whole (bool):
            missing (list[str]):
            chains (int):
            events (int):
            erased (int):
            checkpoints (int):
            sealed (int):
            sealed_until (datetime.datetime | None):
            witnesses (list[str]):
            unchecked (list[str]):
            attempts (int):
            outcomes (VerifiedOutcomes):
            problems (list[str]):
    """

    ok: bool
    whole: bool
    missing: list[str]
    chains: int
    events: int
    erased: int
    checkpoints: int
    sealed: int
    sealed_until: datetime.datetime | None
    witnesses: list[str]
    unchecked: list[str]
    attempts: int
    outcomes: VerifiedOutcomes
    problems: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ok = self.ok

        whole = self.whole

        missing = self.missing

        chains = self.chains

        events = self.events

        erased = self.erased

        checkpoints = self.checkpoints

        sealed = self.sealed

        sealed_until: None | str
        if isinstance(self.sealed_until, datetime.datetime):
            sealed_until = self.sealed_until.isoformat()
        else:
            sealed_until = self.sealed_until

        witnesses = self.witnesses

        unchecked = self.unchecked

        attempts = self.attempts

        outcomes = self.outcomes.to_dict()

        problems = self.problems

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ok": ok,
                "whole": whole,
                "missing": missing,
                "chains": chains,
                "events": events,
                "erased": erased,
                "checkpoints": checkpoints,
                "sealed": sealed,
                "sealed_until": sealed_until,
                "witnesses": witnesses,
                "unchecked": unchecked,
                "attempts": attempts,
                "outcomes": outcomes,
                "problems": problems,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.verified_outcomes import VerifiedOutcomes  # noqa: PLC0415

        d = dict(src_dict)
        ok = d.pop("ok")

        whole = d.pop("whole")

        missing = cast(list[str], d.pop("missing"))

        chains = d.pop("chains")

        events = d.pop("events")

        erased = d.pop("erased")

        checkpoints = d.pop("checkpoints")

        sealed = d.pop("sealed")

        def _parse_sealed_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sealed_until_type_0 = datetime.datetime.fromisoformat(data)

                return sealed_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        sealed_until = _parse_sealed_until(d.pop("sealed_until"))

        witnesses = cast(list[str], d.pop("witnesses"))

        unchecked = cast(list[str], d.pop("unchecked"))

        attempts = d.pop("attempts")

        outcomes = VerifiedOutcomes.from_dict(d.pop("outcomes"))

        problems = cast(list[str], d.pop("problems"))

        verified = cls(
            ok=ok,
            whole=whole,
            missing=missing,
            chains=chains,
            events=events,
            erased=erased,
            checkpoints=checkpoints,
            sealed=sealed,
            sealed_until=sealed_until,
            witnesses=witnesses,
            unchecked=unchecked,
            attempts=attempts,
            outcomes=outcomes,
            problems=problems,
        )

        verified.additional_properties = d
        return verified

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
