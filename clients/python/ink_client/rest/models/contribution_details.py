"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidentiality import Confidentiality
from ..models.contribution_kind import ContributionKind
from ..models.standing import Standing

if TYPE_CHECKING:
    from ..models.step_view import StepView
    from ..models.version_view import VersionView


T = TypeVar("T", bound="ContributionDetails")


@_attrs_define
class ContributionDetails:
    """`node` is what it is called in the global model and in context packs.

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
        node (str):
        confidentiality (Confidentiality): Who may see it, in rising order.
        promotes (str):
        step (None | StepView):
        versions (list[VersionView]):
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
    node: str
    confidentiality: Confidentiality
    promotes: str
    step: None | StepView
    versions: list[VersionView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.step_view import StepView  # noqa: PLC0415

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

        node = self.node

        confidentiality = self.confidentiality.value

        promotes = self.promotes

        step: dict[str, Any] | None
        if isinstance(self.step, StepView):
            step = self.step.to_dict()
        else:
            step = self.step

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

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
                "node": node,
                "confidentiality": confidentiality,
                "promotes": promotes,
                "step": step,
                "versions": versions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.step_view import StepView  # noqa: PLC0415
        from ..models.version_view import VersionView  # noqa: PLC0415

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

        node = d.pop("node")

        confidentiality = Confidentiality(d.pop("confidentiality"))

        promotes = d.pop("promotes")

        def _parse_step(data: object) -> None | StepView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                step_type_0 = StepView.from_dict(data)

                return step_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StepView, data)

        step = _parse_step(d.pop("step"))

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = VersionView.from_dict(versions_item_data)

            versions.append(versions_item)

        contribution_details = cls(
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
            node=node,
            confidentiality=confidentiality,
            promotes=promotes,
            step=step,
            versions=versions,
        )

        contribution_details.additional_properties = d
        return contribution_details

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
