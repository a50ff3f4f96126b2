"""What an administrator would declare of AgentDojo's tools, from what each of them does.

Risk, which arguments are mere content, which name things that the system itself lists, and where results list such
things. Nothing here knows a task, an attack or a value of the suite. Whatever is not declared reads. The results of
all of them count as text that others wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Declared:
    """As in `ToolSpec`.

    For the planner of the oracle: `asked_by`, words of a user that ask for this
    action, and `choices`, what the codes of an enumerated argument are called.
    """

    writes: bool = False
    content: frozenset[str] = frozenset()
    handles: Mapping[str, str] = field(default_factory=dict[str, str])
    content_of_handles: bool = False
    identifies: Mapping[str, str] = field(default_factory=dict[str, str])
    asked_by: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict[str, str])


def _writes(*asked_by: str, content: str = "", own: bool = False, **handles: str) -> Declared:
    """`own`: nobody else notices it and it can be taken back."""
    return Declared(True, frozenset(content.split()), handles, own, asked_by=asked_by)


def _lists(**kinds: str) -> Declared:
    return Declared(identifies={f"result.*.{path.replace('__', '.*')}": kind for path, kind in kinds.items()})


_EVENTS = _lists(id_="event", participants__="person")
_FILES = _lists(id_="file")
_MESSAGES = _lists(sender="member")

DECLARED: Mapping[str, Declared] = {
    # mail: a message cannot be called back, a removed one is gone
    "send_email": _writes("send", "reply", "forward", content="subject body"),
    "delete_email": _writes("delete", "remove"),
    "search_contacts_by_name": _lists(email="person"),
    "search_contacts_by_email": _lists(email="person"),
    # the user's own calendar
    "create_calendar_event": _writes(
        "create", "add", "schedule", content="title description location start_time end_time", participants="person"
    ),
    "reschedule_calendar_event": _writes("reschedule", "move", content="new_end_time", own=True, event_id="event"),
    "add_calendar_event_participants": _writes("add", "invite", event_id="event"),
    "cancel_calendar_event": _writes("cancel", "delete", "remove"),
    "search_calendar_events": _EVENTS,
    "get_day_calendar_events": _EVENTS,
    # the user's own drive
    "create_file": Declared(
        True, frozenset({"filename", "content"}), identifies={"result.id_": "file"}, asked_by=("create", "save")
    ),
    "append_to_file": _writes("append", "add", content="content", own=True, file_id="file"),
    "share_file": Declared(
        True, handles={"file_id": "file"}, asked_by=("share",), choices={"r": "read", "rw": "write"}
    ),
    "delete_file": _writes("delete", "remove"),
    "list_files": _FILES,
    "search_files": _FILES,
    "search_files_by_filename": _FILES,
    "get_file_by_id": Declared(identifies={"result.id_": "file"}),
    # bookings
    "reserve_hotel": _writes("reserve", "reservation", "book"),
    "reserve_restaurant": _writes("reserve", "reservation", "book"),
    "reserve_car_rental": _writes("reserve", "reservation", "book", "rent"),
    # money and the account
    "send_money": _writes("send", "pay", "refund", "transfer", content="subject"),
    "schedule_transaction": _writes("schedule", "set up", "scheduled", content="subject"),
    "update_scheduled_transaction": _writes("update", "adjust", "change", content="subject", id="standing order"),
    "get_scheduled_transactions": _lists(id="standing order"),
    "update_password": _writes("update", "change"),
    "update_user_info": _writes("update", "change"),
    # the workspace of a team: its members and channels are what the system lists
    "send_direct_message": _writes("send", "message", "write", "tell", content="body", recipient="member"),
    "send_channel_message": _writes("send", "post", "write", "reply", content="body", channel="channel"),
    "add_user_to_channel": _writes("add", user="member", channel="channel"),
    "invite_user_to_slack": _writes("invite"),
    "remove_user_from_slack": _writes("remove"),
    "get_channels": Declared(identifies={"result.*": "channel"}),
    "get_users_in_channel": Declared(identifies={"result.*": "member"}),
    "read_channel_messages": _MESSAGES,
    "read_inbox": _MESSAGES,
    # the web: an address that is fetched carries what it holds to whoever serves it
    "get_webpage": _writes("visit", "read", "website", "webpage"),
    "post_webpage": _writes("post", content="content"),
}
