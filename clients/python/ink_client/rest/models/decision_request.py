"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.decision_request_verdict import DecisionRequestVerdict
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.grant_request import GrantRequest


T = TypeVar("T", bound="DecisionRequest")


@_attrs_define
class DecisionRequest:
    """
    Attributes:
        verdict (DecisionRequestVerdict):
        digest (str):
        reason (str | Unset):  Default: ''.
        grant (GrantRequest | None | Unset):
    """

    verdict: DecisionRequestVerdict
    digest: str
    reason: str | Unset = ""
    grant: GrantRequest | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.grant_request import GrantRequest  # noqa: PLC0415

        verdict = self.verdict.value

        digest = self.digest

        reason = self.reason

        grant: dict[str, Any] | None | Unset
        if isinstance(self.grant, Unset):
            grant = UNSET
        elif isinstance(self.grant, GrantRequest):
            grant = self.grant.to_dict()
        else:
            grant = self.grant

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "verdict": verdict,
                "digest": digest,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if grant is not UNSET:
            field_dict["grant"] = grant

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant_request import GrantRequest  # noqa: PLC0415

        d = dict(src_dict)
        verdict = DecisionRequestVerdict(d.pop("verdict"))

        digest = d.pop("digest")

        reason = d.pop("reason", UNSET)

        def _parse_grant(data: object) -> GrantRequest | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grant_type_0 = GrantRequest.from_dict(data)

                return grant_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GrantRequest | None | Unset, data)

        grant = _parse_grant(d.pop("grant", UNSET))

        decision_request = cls(
            verdict=verdict,
            digest=digest,
            reason=reason,
            grant=grant,
        )

        return decision_request
