"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidentiality import Confidentiality
from ..models.share import Share
from ..models.trust_class import TrustClass
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.context_use import ContextUse
    from ..models.readable_terminal import ReadableTerminal
    from ..models.todo import Todo


T = TypeVar("T", bound="Session")


@_attrs_define
class Session:
    """`parent` and `profile` are those of a sub-agent's session.

    `plan_mode`: its agent may look and change nothing; `edit_review`: its edits wait for its user's word; `todos` is
    its list of what is to be done.
    `readable_terminals`: those that its agent may read, by whose leave.
    `share` is what the caller may do with it, `shared_with` all others who may watch it.

        Attributes:
            session_id (str):
            title (str):
            owner (str):
            created_at (datetime.datetime):
            worker_id (None | str):
            model (str):
            trust (TrustClass): `site`: hosted by the computing centre; `external`: anybody else's. `builtin`: no model and
                no network at all.
            confidentiality (Confidentiality): Who may see it, in rising order.
            last_seq (int):
            running (bool):
            over_budget (bool):
            context (ContextUse): Tokens of the latest request and its reply, and how many the model can take in; null for
                the built-in guide.
            task_id (None | str | Unset):
            parent (None | str | Unset):
            profile (None | str | Unset):
            share (Share | Unset): `WATCH` reads what happens in it; `STEER` posts, stops and changes as well.
            shared_with (list[str] | Unset):
            plan_mode (bool | Unset):  Default: False.
            edit_review (bool | Unset):  Default: False.
            todos (list[Todo] | Unset):
            readable_terminals (list[ReadableTerminal] | Unset):
    """

    session_id: str
    title: str
    owner: str
    created_at: datetime.datetime
    worker_id: None | str
    model: str
    trust: TrustClass
    confidentiality: Confidentiality
    last_seq: int
    running: bool
    over_budget: bool
    context: ContextUse
    task_id: None | str | Unset = UNSET
    parent: None | str | Unset = UNSET
    profile: None | str | Unset = UNSET
    share: Share | Unset = UNSET
    shared_with: list[str] | Unset = UNSET
    plan_mode: bool | Unset = False
    edit_review: bool | Unset = False
    todos: list[Todo] | Unset = UNSET
    readable_terminals: list[ReadableTerminal] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        title = self.title

        owner = self.owner

        created_at = self.created_at.isoformat()

        worker_id: None | str
        worker_id = self.worker_id

        model = self.model

        trust = self.trust.value

        confidentiality = self.confidentiality.value

        last_seq = self.last_seq

        running = self.running

        over_budget = self.over_budget

        context = self.context.to_dict()

        task_id: None | str | Unset
        if isinstance(self.task_id, Unset):
            task_id = UNSET
        else:
            task_id = self.task_id

        parent: None | str | Unset
        if isinstance(self.parent, Unset):
            parent = UNSET
        else:
            parent = self.parent

        profile: None | str | Unset
        if isinstance(self.profile, Unset):
            profile = UNSET
        else:
            profile = self.profile

        share: str | Unset = UNSET
        if not isinstance(self.share, Unset):
            share = self.share.value

        shared_with: list[str] | Unset = UNSET
        if not isinstance(self.shared_with, Unset):
            shared_with = self.shared_with

        plan_mode = self.plan_mode

        edit_review = self.edit_review

        todos: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.todos, Unset):
            todos = []
            for todos_item_data in self.todos:
                todos_item = todos_item_data.to_dict()
                todos.append(todos_item)

        readable_terminals: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.readable_terminals, Unset):
            readable_terminals = []
            for readable_terminals_item_data in self.readable_terminals:
                readable_terminals_item = readable_terminals_item_data.to_dict()
                readable_terminals.append(readable_terminals_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "title": title,
                "owner": owner,
                "created_at": created_at,
                "worker_id": worker_id,
                "model": model,
                "trust": trust,
                "confidentiality": confidentiality,
                "last_seq": last_seq,
                "running": running,
                "over_budget": over_budget,
                "context": context,
            }
        )
        if task_id is not UNSET:
            field_dict["task_id"] = task_id
        if parent is not UNSET:
            field_dict["parent"] = parent
        if profile is not UNSET:
            field_dict["profile"] = profile
        if share is not UNSET:
            field_dict["share"] = share
        if shared_with is not UNSET:
            field_dict["shared_with"] = shared_with
        if plan_mode is not UNSET:
            field_dict["plan_mode"] = plan_mode
        if edit_review is not UNSET:
            field_dict["edit_review"] = edit_review
        if todos is not UNSET:
            field_dict["todos"] = todos
        if readable_terminals is not UNSET:
            field_dict["readable_terminals"] = readable_terminals

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.context_use import ContextUse  # noqa: PLC0415
        from ..models.readable_terminal import ReadableTerminal  # noqa: PLC0415
        from ..models.todo import Todo  # noqa: PLC0415

        d = dict(src_dict)
        session_id = d.pop("session_id")

        title = d.pop("title")

        owner = d.pop("owner")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_worker_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        worker_id = _parse_worker_id(d.pop("worker_id"))

        model = d.pop("model")

        trust = TrustClass(d.pop("trust"))

        confidentiality = Confidentiality(d.pop("confidentiality"))

        last_seq = d.pop("last_seq")

        running = d.pop("running")

        over_budget = d.pop("over_budget")

        context = ContextUse.from_dict(d.pop("context"))

        def _parse_task_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        task_id = _parse_task_id(d.pop("task_id", UNSET))

        def _parse_parent(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        parent = _parse_parent(d.pop("parent", UNSET))

        def _parse_profile(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        profile = _parse_profile(d.pop("profile", UNSET))

        _share = d.pop("share", UNSET)
        share: Share | Unset
        if isinstance(_share, Unset):
            share = UNSET
        else:
            share = Share(_share)

        shared_with = cast(list[str], d.pop("shared_with", UNSET))

        plan_mode = d.pop("plan_mode", UNSET)

        edit_review = d.pop("edit_review", UNSET)

        _todos = d.pop("todos", UNSET)
        todos: list[Todo] | Unset = UNSET
        if _todos is not UNSET:
            todos = []
            for todos_item_data in _todos:
                todos_item = Todo.from_dict(todos_item_data)

                todos.append(todos_item)

        _readable_terminals = d.pop("readable_terminals", UNSET)
        readable_terminals: list[ReadableTerminal] | Unset = UNSET
        if _readable_terminals is not UNSET:
            readable_terminals = []
            for readable_terminals_item_data in _readable_terminals:
                readable_terminals_item = ReadableTerminal.from_dict(readable_terminals_item_data)

                readable_terminals.append(readable_terminals_item)

        session = cls(
            session_id=session_id,
            title=title,
            owner=owner,
            created_at=created_at,
            worker_id=worker_id,
            model=model,
            trust=trust,
            confidentiality=confidentiality,
            last_seq=last_seq,
            running=running,
            over_budget=over_budget,
            context=context,
            task_id=task_id,
            parent=parent,
            profile=profile,
            share=share,
            shared_with=shared_with,
            plan_mode=plan_mode,
            edit_review=edit_review,
            todos=todos,
            readable_terminals=readable_terminals,
        )

        session.additional_properties = d
        return session

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
