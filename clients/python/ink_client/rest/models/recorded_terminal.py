"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RecordedTerminal")


@_attrs_define
class RecordedTerminal:
    """`state`: live, kept, erased, removed (to make room) or lost (never written whole). `end`: why it ended.

    Attributes:
        recording_id (str):
        user (str):
        worker_id (str):
        terminal_id (str):
        begun (datetime.datetime):
        ended (datetime.datetime | None):
        end (None | str):
        bytes_ (int | None):
        sha256 (None | str):
        state (str):
    """

    recording_id: str
    user: str
    worker_id: str
    terminal_id: str
    begun: datetime.datetime
    ended: datetime.datetime | None
    end: None | str
    bytes_: int | None
    sha256: None | str
    state: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recording_id = self.recording_id

        user = self.user

        worker_id = self.worker_id

        terminal_id = self.terminal_id

        begun = self.begun.isoformat()

        ended: None | str
        if isinstance(self.ended, datetime.datetime):
            ended = self.ended.isoformat()
        else:
            ended = self.ended

        end: None | str
        end = self.end

        bytes_: int | None
        bytes_ = self.bytes_

        sha256: None | str
        sha256 = self.sha256

        state = self.state

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recording_id": recording_id,
                "user": user,
                "worker_id": worker_id,
                "terminal_id": terminal_id,
                "begun": begun,
                "ended": ended,
                "end": end,
                "bytes": bytes_,
                "sha256": sha256,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recording_id = d.pop("recording_id")

        user = d.pop("user")

        worker_id = d.pop("worker_id")

        terminal_id = d.pop("terminal_id")

        begun = datetime.datetime.fromisoformat(d.pop("begun"))

        def _parse_ended(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_type_0 = datetime.datetime.fromisoformat(data)

                return ended_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended = _parse_ended(d.pop("ended"))

        def _parse_end(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        end = _parse_end(d.pop("end"))

        def _parse_bytes_(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        bytes_ = _parse_bytes_(d.pop("bytes"))

        def _parse_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sha256 = _parse_sha256(d.pop("sha256"))

        state = d.pop("state")

        recorded_terminal = cls(
            recording_id=recording_id,
            user=user,
            worker_id=worker_id,
            terminal_id=terminal_id,
            begun=begun,
            ended=ended,
            end=end,
            bytes_=bytes_,
            sha256=sha256,
            state=state,
        )

        recorded_terminal.additional_properties = d
        return recorded_terminal

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
