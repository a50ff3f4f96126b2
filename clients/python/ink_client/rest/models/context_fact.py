"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidentiality import Confidentiality
from ..models.integrity import Integrity

T = TypeVar("T", bound="ContextFact")


@_attrs_define
class ContextFact:
    """`reason` says what led to the fact; `tokens` what it costs with its heading, where it is the first below it.

    Attributes:
        fact_id (str):
        text (str):
        source (str):
        age_s (float):
        confidentiality (Confidentiality): Who may see it, in rising order.
        integrity (Integrity): Whether somebody else than the user or the system could have written it.
        score (float):
        tokens (int):
        reason (str):
    """

    fact_id: str
    text: str
    source: str
    age_s: float
    confidentiality: Confidentiality
    integrity: Integrity
    score: float
    tokens: int
    reason: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        fact_id = self.fact_id

        text = self.text

        source = self.source

        age_s = self.age_s

        confidentiality = self.confidentiality.value

        integrity = self.integrity.value

        score = self.score

        tokens = self.tokens

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fact_id": fact_id,
                "text": text,
                "source": source,
                "age_s": age_s,
                "confidentiality": confidentiality,
                "integrity": integrity,
                "score": score,
                "tokens": tokens,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fact_id = d.pop("fact_id")

        text = d.pop("text")

        source = d.pop("source")

        age_s = d.pop("age_s")

        confidentiality = Confidentiality(d.pop("confidentiality"))

        integrity = Integrity(d.pop("integrity"))

        score = d.pop("score")

        tokens = d.pop("tokens")

        reason = d.pop("reason")

        context_fact = cls(
            fact_id=fact_id,
            text=text,
            source=source,
            age_s=age_s,
            confidentiality=confidentiality,
            integrity=integrity,
            score=score,
            tokens=tokens,
            reason=reason,
        )

        context_fact.additional_properties = d
        return context_fact

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
