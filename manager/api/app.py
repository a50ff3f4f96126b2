"""The manager's ASGI application: all routers, the page, security and errors; its lifespan is given from outside."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from ink_core.api import (
    admin_accounts_routes,
    consent_routes,
    device_routes,
    groups_routes,
    issuer_routes,
    kerberos_routes,
    openid_routes,
    plugins_routes,
    proxy_routes,
    users_routes,
)
from ink_core.api.apps_routes import router as apps_router
from ink_core.api.auth_routes import auth_router
from ink_core.api.body_limit import BodyLimit
from ink_core.api.core import install_core
from ink_core.api.direct_route import ShortWay
from ink_core.api.errors import install_error_handlers
from ink_core.api.files import ROUTERS as FILE_ROUTERS
from ink_core.api.files.tus import UPLOADS
from ink_core.api.health_routes import health_router
from ink_core.api.hepjob_routes import router as hepjob_router
from ink_core.api.jobs.routers import ROUTERS as JOB_ROUTERS
from ink_core.api.proxy_routes import install_apps_proxy
from ink_core.api.remembered_routes import remember_routes
from ink_core.api.security import Security, install_security
from ink_core.api.status_page import status_router
from ink_core.api.v2.fs_transfers import UPLOAD_PATHS
from ink_core.api.v2.routers import ROUTERS as V2_ROUTERS
from ink_core.api.v3.routers import ROUTERS as V3_ROUTERS
from joblens.api.ingest_routes import BATCHES, take_batches_route
from joblens.api.parts import install_lens
from joblens.api.routers import lens_routers
from manager.api import (
    admin_models_routes,
    admin_policy_routes,
    admin_rules_routes,
    agents_routes,
    approvals_routes,
    audit_attempts_routes,
    audit_routes,
    audit_search_routes,
    audit_sessions_routes,
    audit_terminals_routes,
    calls_routes,
    completions_routes,
    context_routes,
    corrections_routes,
    entities_routes,
    foreign_routes,
    grants_routes,
    health_details,
    incidents_routes,
    knowledge_routes,
    locks_routes,
    models_routes,
    readable_terminals_routes,
    sessions_routes,
    site_routes,
    subagents_routes,
    tasks_routes,
    terminals_routes,
    usage_routes,
)
from manager.api.mcp_metadata import mcp_metadata_router
from manager.api.me import Me, describe
from manager.api.metrics_routes import metrics_router
from manager.api.openapi import route as openapi_route
from manager.api.openapi.document import operation_name
from manager.api.pages import pages_router
from manager.api.platform import Platform
from manager.api.readiness import checks_of
from manager.joblens.lens import skill_text
from manager.metrics.counts import Counts

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    platform: Platform,
    lifespan: Lifespan,
    mcp: ASGIApp,
    *,
    public_url: str,
    page: Path,
    data_dir: Path,
    counts: Counts | None = None,
) -> FastAPI:
    """`page` is the directory of the built front end; `mcp` guards itself by bearer tokens."""
    app = FastAPI(
        title="INK Harness",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=operation_name,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # looked for at every request; there is none
    )
    app.state.platform = platform
    install_core(app, platform.core)
    install_lens(app, platform.lens)
    completions_routes.install_completions(app, platform)
    install_security(app, Security(platform.core.identity, public_url))
    install_error_handlers(app)
    app.add_middleware(BodyLimit, streamed=(UPLOADS, BATCHES, *UPLOAD_PATHS))
    app.add_middleware(ShortWay, routes=(calls_routes.propose_call_route,))  # last, so around the other
    app.router.routes += (calls_routes.propose_call_route, take_batches_route)  # first, so found first
    app.include_router(auth_router(lambda principal: describe(platform, principal), Me))
    checks = checks_of(platform)
    app.include_router(health_router(checks))
    app.include_router(status_router(checks))
    early = len(app.router.routes)
    for module in (
        calls_routes,
        approvals_routes,
        grants_routes,
        locks_routes,
        sessions_routes,
        readable_terminals_routes,
        models_routes,
        completions_routes,
        subagents_routes,
        tasks_routes,
        usage_routes,
        context_routes,
        agents_routes,
        terminals_routes,
        audit_routes,
        audit_attempts_routes,
        audit_search_routes,
        audit_sessions_routes,
        audit_terminals_routes,
        health_details,
        knowledge_routes,
        corrections_routes,
        entities_routes,
        openapi_route,
        users_routes,
        admin_accounts_routes,
        admin_policy_routes,
        admin_models_routes,
        admin_rules_routes,
        groups_routes,
        openid_routes,
        kerberos_routes,
        device_routes,
        issuer_routes,
        consent_routes,
        plugins_routes,
        incidents_routes,
        site_routes,
        foreign_routes,
    ):
        app.include_router(module.router)
    begin = len(app.router.routes)
    for router in FILE_ROUTERS:
        app.include_router(router, tags=["files"])
    app.include_router(hepjob_router)
    install_apps_proxy(app, platform.apps_proxy)
    app.include_router(apps_router)
    app.include_router(proxy_routes.router)
    for router in (*JOB_ROUTERS, *V2_ROUTERS, *V3_ROUTERS, *lens_routers(skill_text())):
        app.include_router(router)
    called_most = slice(begin, len(app.router.routes))
    app.include_router(metrics_router(platform, data_dir, counts or Counts(), checks))
    app.router.routes.append(Route("/mcp", mcp))
    app.include_router(mcp_metadata_router(public_url))
    platform.core.plugins.mount(app)
    app.include_router(pages_router(page))
    app.state.documented = tuple(app.router.routes)
    _try_early(app.router.routes, early, called_most)
    remember_routes(app)
    return app


def _try_early(routes: list[BaseRoute], early: int, wanted: slice) -> None:
    """Routes are tried one after the other: these come behind so many, before all others."""
    moved = routes[wanted]
    del routes[wanted]
    routes[early:early] = moved
