"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.reader_kind import ReaderKind

T = TypeVar("T", bound="ShareRow")


@_attrs_define
class ShareRow:
    """
    Attributes:
        share_id (str):
        owner (str):
        path (str):
        reader_kind (ReaderKind):
        reader (None | str):
        created_at (datetime.datetime):
        expires_at (datetime.datetime):
        url (str):
    """

    share_id: str
    owner: str
    path: str
    reader_kind: ReaderKind
    reader: None | str
    created_at: datetime.datetime
    expires_at: datetime.datetime
    url: str

    def to_dict(self) -> dict[str, Any]:
        share_id = self.share_id

        owner = self.owner

        path = self.path

        reader_kind = self.reader_kind.value

        reader: None | str
        reader = self.reader

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        url = self.url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "share_id": share_id,
                "owner": owner,
                "path": path,
                "reader_kind": reader_kind,
                "reader": reader,
                "created_at": created_at,
                "expires_at": expires_at,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        share_id = d.pop("share_id")

        owner = d.pop("owner")

        path = d.pop("path")

        reader_kind = ReaderKind(d.pop("reader_kind"))

        def _parse_reader(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reader = _parse_reader(d.pop("reader"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        url = d.pop("url")

        share_row = cls(
            share_id=share_id,
            owner=owner,
            path=path,
            reader_kind=reader_kind,
            reader=reader,
            created_at=created_at,
            expires_at=expires_at,
            url=url,
        )

        return share_row
