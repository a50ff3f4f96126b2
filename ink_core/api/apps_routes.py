"""Interactive apps: what a site offers, one's own sessions, and the callback by which a session's job registers.

A launch and a stop are calls through the gate. The callback is open to all who know a session's one-time token.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as PathParameter
from pydantic import Field, JsonValue
from starlette.responses import StreamingResponse

from ink_core.api.core import CoreParts
from ink_core.api.etag import IfNoneMatch, answer_tagged
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import PUBLIC, requires
from ink_core.api.sse import event_stream, frame
from ink_core.apps.catalogue import App
from ink_core.apps.manifest import NAME, Input, Resources, Words
from ink_core.apps.options import AppOptions
from ink_core.apps.service import AppService, AppSessionView
from ink_core.apps.session_file import Registration
from ink_core.compute.model import Value
from ink_core.identity.principal import OPENS_APPS, Principal, Scope
from ink_core.plugins import hookable

router = APIRouter(tags=["apps"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]
LogReader = Annotated[Principal, requires(Scope.JOBS_READ, Scope.FILES_READ)]
Submitter = Annotated[Principal, requires(Scope.JOBS_SUBMIT)]
Opener = Annotated[Principal, requires(*OPENS_APPS)]
Manager = Annotated[Principal, requires(Scope.JOBS_MANAGE)]
SessionId = Annotated[str, PathParameter(max_length=64)]


class AppRow(Value):
    """An app with what one may ask of it: `resources` and `inputs` are the fields of its form."""

    name: str
    title: Words
    description: Words
    resources: Resources
    inputs: tuple[Input, ...]


class Apps(Value):
    """`broken` are folders of apps that cannot be used, with the reason; administrators see them."""

    apps: tuple[AppRow, ...]
    broken: dict[str, str]


class NewAppSession(AppOptions):
    app: str = Field(pattern=NAME)
    cluster: str | None = Field(default=None, max_length=64, description="Without it the default cluster.")


class AppCredential(Value):
    """The app's own token or password."""

    secret: str | None


class AppLog(Value):
    """The end of what the app has said."""

    text: str


@router.get("/api/v1/apps")
async def list_apps(principal: Reader, core: CoreParts) -> Apps:
    """What the site offers, with the fields of each app's form."""
    broken = core.apps.catalogue.broken if principal.is_admin else {}
    return Apps(apps=tuple(_row(app) for app in core.apps.catalogue), broken=broken)


@router.post("/api/v1/apps/callback", status_code=204, dependencies=[PUBLIC])
async def register_app(core: CoreParts, asked: Registration) -> None:
    """Once for each session, from its job: where it listens."""
    await core.apps.register(asked)


@router.get("/api/v1/app-sessions")
async def list_app_sessions(principal: Reader, core: CoreParts) -> Sequence[AppSessionView]:
    """One's own, newest first; of those that are over, the newest."""
    return core.apps.sessions(principal.username)


@router.post("/api/v1/app-sessions", status_code=201)
async def launch_app(
    principal: Submitter, core: CoreParts, response: Response, new: NewAppSession, key: IdempotencyKey = None
) -> AppSessionView:
    """Submits the job of a session; its state tells how far it is."""
    made = await core.actions.call(principal, "launch_app", launch_arguments(principal, new), key=key)
    session = AppSessionView.model_validate(made)
    response.headers["Location"] = f"/api/v1/app-sessions/{session.session_id}"
    return session


@router.get("/api/v1/app-sessions/{session_id}", response_model=AppSessionView)
async def get_app_session(
    principal: Reader, core: CoreParts, response: Response, session_id: SessionId, if_none_match: IfNoneMatch = None
) -> AppSessionView | Response:
    """One of one's own, as it is now."""
    return answer_tagged(response, core.apps.session(principal.username, session_id), if_none_match)


@router.get("/api/v1/app-sessions/{session_id}/log")
async def get_app_log(principal: LogReader, core: CoreParts, session_id: SessionId) -> AppLog:
    """Kept after a session that failed; gone with one that has ended."""
    return AppLog(text=await core.apps.log_end(principal.username, session_id))


@router.get("/api/v1/app-sessions/{session_id}/credential")
async def get_app_credential(principal: Opener, core: CoreParts, session_id: SessionId) -> AppCredential:
    """What the page of one's own app may ask its user for; null where it asks for nothing."""
    return AppCredential(secret=core.apps.credential(principal.username, session_id))


@router.delete("/api/v1/app-sessions/{session_id}")
async def stop_app(
    principal: Manager, core: CoreParts, session_id: SessionId, key: IdempotencyKey = None
) -> AppSessionView:
    """Ends it and removes its job."""
    stopped = await core.actions.call(principal, "stop_app", {"session_id": session_id}, key=key)
    return AppSessionView.model_validate(stopped)


@hookable
def launch_arguments(principal: Principal, new: NewAppSession) -> dict[str, JsonValue]:
    """Arguments of the tool `launch_app`."""
    return new.model_dump(mode="json", exclude_unset=True)


async def _one_stream(principal: Reader, core: CoreParts) -> AsyncGenerator[None]:
    with core.streams.one(principal.username):
        yield


_ONE_STREAM: Any = Depends(_one_stream)


@router.get("/api/v1/app-sessions/{session_id}/events", dependencies=[_ONE_STREAM])
async def follow_app(request: Request, principal: Reader, core: CoreParts, session_id: SessionId) -> StreamingResponse:
    """The session each time it has changed, until it is over."""
    core.apps.session(principal.username, session_id)
    return event_stream(_frames(core.apps, principal.username, session_id), request)


async def _frames(apps: AppService, user: str, session_id: str) -> AsyncGenerator[bytes]:
    async for session in apps.follow(user, session_id):
        yield frame("session", session.model_dump_json().encode())


def _row(app: App) -> AppRow:
    manifest = app.manifest
    return AppRow(
        name=app.name,
        title=manifest.title,
        description=manifest.description,
        resources=manifest.resources,
        inputs=manifest.inputs,
    )
