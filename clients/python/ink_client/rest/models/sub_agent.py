"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidentiality import Confidentiality
from ..models.sub_agent_state import SubAgentState
from ..models.trust_class import TrustClass

T = TypeVar("T", bound="SubAgent")


@_attrs_define
class SubAgent:
    """One child. `root` is the session that a person opened, `depth` how far below it; `detail` why it has no result.

    Its conversation, its calls and its approvals are those of the session `session_id`.

        Attributes:
            session_id (str):
            parent (str):
            root (str):
            depth (int):
            profile (str):
            goal (str):
            owner (str):
            task_id (None | str):
            state (SubAgentState):
            detail (str):
            model (str):
            trust (TrustClass): `site`: hosted by the computing centre; `external`: anybody else's. `builtin`: no model and
                no network at all.
            confidentiality (Confidentiality): Who may see it, in rising order.
            worker_id (None | str):
            opened_at (datetime.datetime):
            ended_at (datetime.datetime | None):
    """

    session_id: str
    parent: str
    root: str
    depth: int
    profile: str
    goal: str
    owner: str
    task_id: None | str
    state: SubAgentState
    detail: str
    model: str
    trust: TrustClass
    confidentiality: Confidentiality
    worker_id: None | str
    opened_at: datetime.datetime
    ended_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        parent = self.parent

        root = self.root

        depth = self.depth

        profile = self.profile

        goal = self.goal

        owner = self.owner

        task_id: None | str
        task_id = self.task_id

        state = self.state.value

        detail = self.detail

        model = self.model

        trust = self.trust.value

        confidentiality = self.confidentiality.value

        worker_id: None | str
        worker_id = self.worker_id

        opened_at = self.opened_at.isoformat()

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "parent": parent,
                "root": root,
                "depth": depth,
                "profile": profile,
                "goal": goal,
                "owner": owner,
                "task_id": task_id,
                "state": state,
                "detail": detail,
                "model": model,
                "trust": trust,
                "confidentiality": confidentiality,
                "worker_id": worker_id,
                "opened_at": opened_at,
                "ended_at": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = d.pop("session_id")

        parent = d.pop("parent")

        root = d.pop("root")

        depth = d.pop("depth")

        profile = d.pop("profile")

        goal = d.pop("goal")

        owner = d.pop("owner")

        def _parse_task_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        task_id = _parse_task_id(d.pop("task_id"))

        state = SubAgentState(d.pop("state"))

        detail = d.pop("detail")

        model = d.pop("model")

        trust = TrustClass(d.pop("trust"))

        confidentiality = Confidentiality(d.pop("confidentiality"))

        def _parse_worker_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        worker_id = _parse_worker_id(d.pop("worker_id"))

        opened_at = datetime.datetime.fromisoformat(d.pop("opened_at"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        sub_agent = cls(
            session_id=session_id,
            parent=parent,
            root=root,
            depth=depth,
            profile=profile,
            goal=goal,
            owner=owner,
            task_id=task_id,
            state=state,
            detail=detail,
            model=model,
            trust=trust,
            confidentiality=confidentiality,
            worker_id=worker_id,
            opened_at=opened_at,
            ended_at=ended_at,
        )

        sub_agent.additional_properties = d
        return sub_agent

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
