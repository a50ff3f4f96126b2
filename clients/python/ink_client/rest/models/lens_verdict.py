"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cause import Cause

if TYPE_CHECKING:
    from ..models.lens_change import LensChange
    from ..models.lens_finding import LensFinding
    from ..models.lens_saving import LensSaving
    from ..models.lens_verdict_evidence import LensVerdictEvidence


T = TypeVar("T", bound="LensVerdict")


@_attrs_define
class LensVerdict:
    """`also` applies besides; `unseen` names figures without which some causes cannot be told.

    Attributes:
        cause (Cause): The classes, the one that explains the others first: the first that applies is the verdict.
        sentence (str):
        evidence (LensVerdictEvidence): The figures that it rests on.
        change (LensChange): Lines for the submit file of each scheduler; one that begins with # is a remark.
        saving (LensSaving): What one such job takes from others without using it.
        confidence (float):
        also (list[LensFinding]):
        unseen (list[str]):
    """

    cause: Cause
    sentence: str
    evidence: LensVerdictEvidence
    change: LensChange
    saving: LensSaving
    confidence: float
    also: list[LensFinding]
    unseen: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cause = self.cause.value

        sentence = self.sentence

        evidence = self.evidence.to_dict()

        change = self.change.to_dict()

        saving = self.saving.to_dict()

        confidence = self.confidence

        also = []
        for also_item_data in self.also:
            also_item = also_item_data.to_dict()
            also.append(also_item)

        unseen = self.unseen

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cause": cause,
                "sentence": sentence,
                "evidence": evidence,
                "change": change,
                "saving": saving,
                "confidence": confidence,
                "also": also,
                "unseen": unseen,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_change import LensChange  # noqa: PLC0415
        from ..models.lens_finding import LensFinding  # noqa: PLC0415
        from ..models.lens_saving import LensSaving  # noqa: PLC0415
        from ..models.lens_verdict_evidence import LensVerdictEvidence  # noqa: PLC0415

        d = dict(src_dict)
        cause = Cause(d.pop("cause"))

        sentence = d.pop("sentence")

        evidence = LensVerdictEvidence.from_dict(d.pop("evidence"))

        change = LensChange.from_dict(d.pop("change"))

        saving = LensSaving.from_dict(d.pop("saving"))

        confidence = d.pop("confidence")

        also = []
        _also = d.pop("also")
        for also_item_data in _also:
            also_item = LensFinding.from_dict(also_item_data)

            also.append(also_item)

        unseen = cast(list[str], d.pop("unseen"))

        lens_verdict = cls(
            cause=cause,
            sentence=sentence,
            evidence=evidence,
            change=change,
            saving=saving,
            confidence=confidence,
            also=also,
            unseen=unseen,
        )

        lens_verdict.additional_properties = d
        return lens_verdict

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
