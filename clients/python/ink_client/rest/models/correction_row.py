"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.contribution_kind import ContributionKind
from ..models.standing import Standing

if TYPE_CHECKING:
    from ..models.correction_row_outcomes import CorrectionRowOutcomes
    from ..models.step_view import StepView


T = TypeVar("T", bound="CorrectionRow")


@_attrs_define
class CorrectionRow:
    """`recalled`: how many contexts held it; `outcomes` counts what came of the decisions made with it.

    `promoted_to` are the runbooks that were made of it.

        Attributes:
            contribution_id (str):
            kind (ContributionKind):
            title (str):
            owner (str):
            author (str):
            version (int):
            standing (Standing): `PRIVATE`: nobody asked that others be told. The erased ones have lost their content for
                good.
            in_force (int | None):
            written_at (datetime.datetime):
            reviewer (str):
            reason (str):
            characters (int):
            step (StepView): `entities` are what a like step would be about.
            wrong (str):
            right (str):
            recalled (int):
            last_recalled_at (datetime.datetime | None):
            outcomes (CorrectionRowOutcomes):
            promoted_to (list[str]):
    """

    contribution_id: str
    kind: ContributionKind
    title: str
    owner: str
    author: str
    version: int
    standing: Standing
    in_force: int | None
    written_at: datetime.datetime
    reviewer: str
    reason: str
    characters: int
    step: StepView
    wrong: str
    right: str
    recalled: int
    last_recalled_at: datetime.datetime | None
    outcomes: CorrectionRowOutcomes
    promoted_to: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        contribution_id = self.contribution_id

        kind = self.kind.value

        title = self.title

        owner = self.owner

        author = self.author

        version = self.version

        standing = self.standing.value

        in_force: int | None
        in_force = self.in_force

        written_at = self.written_at.isoformat()

        reviewer = self.reviewer

        reason = self.reason

        characters = self.characters

        step = self.step.to_dict()

        wrong = self.wrong

        right = self.right

        recalled = self.recalled

        last_recalled_at: None | str
        if isinstance(self.last_recalled_at, datetime.datetime):
            last_recalled_at = self.last_recalled_at.isoformat()
        else:
            last_recalled_at = self.last_recalled_at

        outcomes = self.outcomes.to_dict()

        promoted_to = self.promoted_to

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "contribution_id": contribution_id,
                "kind": kind,
                "title": title,
                "owner": owner,
                "author": author,
                "version": version,
                "standing": standing,
                "in_force": in_force,
                "written_at": written_at,
                "reviewer": reviewer,
                "reason": reason,
                "characters": characters,
                "step": step,
                "wrong": wrong,
                "right": right,
                "recalled": recalled,
                "last_recalled_at": last_recalled_at,
                "outcomes": outcomes,
                "promoted_to": promoted_to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.correction_row_outcomes import CorrectionRowOutcomes  # noqa: PLC0415
        from ..models.step_view import StepView  # noqa: PLC0415

        d = dict(src_dict)
        contribution_id = d.pop("contribution_id")

        kind = ContributionKind(d.pop("kind"))

        title = d.pop("title")

        owner = d.pop("owner")

        author = d.pop("author")

        version = d.pop("version")

        standing = Standing(d.pop("standing"))

        def _parse_in_force(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        in_force = _parse_in_force(d.pop("in_force"))

        written_at = datetime.datetime.fromisoformat(d.pop("written_at"))

        reviewer = d.pop("reviewer")

        reason = d.pop("reason")

        characters = d.pop("characters")

        step = StepView.from_dict(d.pop("step"))

        wrong = d.pop("wrong")

        right = d.pop("right")

        recalled = d.pop("recalled")

        def _parse_last_recalled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_recalled_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_recalled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_recalled_at = _parse_last_recalled_at(d.pop("last_recalled_at"))

        outcomes = CorrectionRowOutcomes.from_dict(d.pop("outcomes"))

        promoted_to = cast(list[str], d.pop("promoted_to"))

        correction_row = cls(
            contribution_id=contribution_id,
            kind=kind,
            title=title,
            owner=owner,
            author=author,
            version=version,
            standing=standing,
            in_force=in_force,
            written_at=written_at,
            reviewer=reviewer,
            reason=reason,
            characters=characters,
            step=step,
            wrong=wrong,
            right=right,
            recalled=recalled,
            last_recalled_at=last_recalled_at,
            outcomes=outcomes,
            promoted_to=promoted_to,
        )

        correction_row.additional_properties = d
        return correction_row

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
