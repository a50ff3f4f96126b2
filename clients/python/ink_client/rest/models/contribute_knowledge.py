"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.confidentiality import Confidentiality
from ..models.contribute_knowledge_kind import ContributeKnowledgeKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="ContributeKnowledge")


@_attrs_define
class ContributeKnowledge:
    """
    Attributes:
        title (str):
        text (str): Markdown.
        kind (ContributeKnowledgeKind):
        about (list[str] | Unset): What it is about, as KIND:NAME: node:wn042, group:atlas.
        attribute (str | Unset): With value: of the one thing that a fact is about. Default: ''.
        value (bool | float | int | str | Unset):  Default: ''.
        confidentiality (Confidentiality | Unset): Who may see it, in rising order.
        promotes (str | Unset): The correction that it is made of. Default: ''.
    """

    title: str
    text: str
    kind: ContributeKnowledgeKind
    about: list[str] | Unset = UNSET
    attribute: str | Unset = ""
    value: bool | float | int | str | Unset = ""
    confidentiality: Confidentiality | Unset = UNSET
    promotes: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        text = self.text

        kind = self.kind.value

        about: list[str] | Unset = UNSET
        if not isinstance(self.about, Unset):
            about = self.about

        attribute = self.attribute

        value: bool | float | int | str | Unset
        if isinstance(self.value, Unset):
            value = UNSET
        else:
            value = self.value

        confidentiality: str | Unset = UNSET
        if not isinstance(self.confidentiality, Unset):
            confidentiality = self.confidentiality.value

        promotes = self.promotes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
                "text": text,
                "kind": kind,
            }
        )
        if about is not UNSET:
            field_dict["about"] = about
        if attribute is not UNSET:
            field_dict["attribute"] = attribute
        if value is not UNSET:
            field_dict["value"] = value
        if confidentiality is not UNSET:
            field_dict["confidentiality"] = confidentiality
        if promotes is not UNSET:
            field_dict["promotes"] = promotes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = d.pop("title")

        text = d.pop("text")

        kind = ContributeKnowledgeKind(d.pop("kind"))

        about = cast(list[str], d.pop("about", UNSET))

        attribute = d.pop("attribute", UNSET)

        def _parse_value(data: object) -> bool | float | int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(bool | float | int | str | Unset, data)

        value = _parse_value(d.pop("value", UNSET))

        _confidentiality = d.pop("confidentiality", UNSET)
        confidentiality: Confidentiality | Unset
        if isinstance(_confidentiality, Unset):
            confidentiality = UNSET
        else:
            confidentiality = Confidentiality(_confidentiality)

        promotes = d.pop("promotes", UNSET)

        contribute_knowledge = cls(
            title=title,
            text=text,
            kind=kind,
            about=about,
            attribute=attribute,
            value=value,
            confidentiality=confidentiality,
            promotes=promotes,
        )

        return contribute_knowledge
