"""Interactive apps: launch one as a job of the user, and stop one's own."""

from __future__ import annotations

from pydantic import Field

from ink_core.apps.manifest import NAME, Manifest
from ink_core.apps.options import AppOptions, Chosen, chosen, inputs_of
from ink_core.apps.service import AppSessionView
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named

APPS_LABEL = Label(Confidentiality.USER, Integrity.UNTRUSTED)
"""Where a session's job waits or has failed, the reason is the scheduler's, or of what the user's job has written."""


class LaunchApp(AppOptions, ToolValue):
    app: str = Field(pattern=NAME, description="Name of the app, for instance jupyter.")
    cluster: str | None = Field(default=None, description="Cluster name; without it the default cluster.")


class StopApp(ToolValue):
    session_id: str = Field(pattern="^[0-9a-f]{32}$")


class AppSessionShown(AppSessionView, ToolValue):
    """One session as it is now."""


async def _with_cluster(context: ToolContext, asked: LaunchApp) -> LaunchApp:
    """The default cluster by its name; an app that is not there, or out of its bounds, is refused here."""
    _wanted(context, asked)
    return asked.model_copy(update={"cluster": cluster_named(context.services.queues, asked.cluster)})


def _wanted(context: ToolContext, asked: LaunchApp) -> tuple[Manifest, Chosen, dict[str, str]]:
    """The app, and with what it is to run, within its bounds. Raises `BadInput` or `AppNotFound`."""
    manifest = context.services.apps.catalogue.get(asked.app).manifest
    wanted = chosen(manifest, asked)
    return manifest, wanted, inputs_of(manifest, asked, context.services.homes.home(context.acting_as))


async def _preview_launch(context: ToolContext, asked: LaunchApp) -> Preview:
    manifest, wanted, inputs = _wanted(context, asked)
    hours = wanted.cpus * wanted.wall_time_s / 3600
    return Preview(
        summary=f"Launch {manifest.title.en} of {context.acting_as} on {asked.cluster} "
        f"({wanted.cpus} CPU, {wanted.memory_mb} MB, at most {hours:.1f} CPU-hours)",
        targets=tuple(inputs.values()),
        owners=(context.acting_as,),
        undo="stop_app",
        jobs=1,
        cpu_hours=hours,
    )


async def _launch(context: ToolContext, asked: LaunchApp) -> AppSessionShown:
    options = AppOptions.model_validate(asked.model_dump(include=set(AppOptions.model_fields)))
    cluster = cluster_named(context.services.queues, asked.cluster)
    apps, user = context.services.apps, context.acting_as
    return _shown(await apps.launch(user, asked.app, cluster, options, context.operation_id))


async def _find_launched(context: ToolContext, asked: LaunchApp) -> AppSessionShown | None:
    found = await context.services.apps.find(context.operation_id)
    return _shown(found) if found and found.job_id else None


async def _preview_stop(context: ToolContext, asked: StopApp) -> Preview:
    session = context.services.apps.session(context.acting_as, asked.session_id)
    return Preview(
        summary=f"Stop the session of {session.app} {session.session_id} ({session.state}) and remove its job",
        targets=(session.session_id,),
        owners=(session.user,),
    )


async def _stop(context: ToolContext, asked: StopApp) -> AppSessionShown:
    return _shown(await context.services.apps.stop(context.acting_as, asked.session_id, context.operation_id))


def _shown(session: AppSessionView) -> AppSessionShown:
    return AppSessionShown.model_validate(session.model_dump())


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="launch_app",
        title="Launch an app",
        description="Launch an interactive app (Jupyter, VS Code, a desktop) as a job of the user.",
        input=LaunchApp,
        output=AppSessionShown,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_SUBMIT}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        for_models=False,
        timeout_s=180,
        label=APPS_LABEL,
        run=_launch,
        resolve=_with_cluster,
        preview=_preview_launch,
        reconcile=_find_launched,
    ),
    ToolSpec(
        name="stop_app",
        title="Stop an app",
        description="End a session of an app of yours, and remove its job.",
        input=StopApp,
        output=AppSessionShown,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_MANAGE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=True,
        for_models=False,
        timeout_s=60,
        label=APPS_LABEL,
        run=_stop,
        preview=_preview_stop,
    ),
)
