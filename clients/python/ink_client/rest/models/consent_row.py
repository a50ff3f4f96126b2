"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scope import Scope

T = TypeVar("T", bound="ConsentRow")


@_attrs_define
class ConsentRow:
    """`answered_at` is the host that the browser will be sent to; `words` are those of OpenID Connect.

    Attributes:
        client (str):
        answered_at (str):
        scopes (list[Scope]):
        words (list[str]):
        expires_at (datetime.datetime):
    """

    client: str
    answered_at: str
    scopes: list[Scope]
    words: list[str]
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client = self.client

        answered_at = self.answered_at

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item = scopes_item_data.value
            scopes.append(scopes_item)

        words = self.words

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client": client,
                "answered_at": answered_at,
                "scopes": scopes,
                "words": words,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        client = d.pop("client")

        answered_at = d.pop("answered_at")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = Scope(scopes_item_data)

            scopes.append(scopes_item)

        words = cast(list[str], d.pop("words"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        consent_row = cls(
            client=client,
            answered_at=answered_at,
            scopes=scopes,
            words=words,
            expires_at=expires_at,
        )

        consent_row.additional_properties = d
        return consent_row

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
