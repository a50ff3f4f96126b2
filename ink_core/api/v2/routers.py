"""All routers of `/api/v2`, for the application to include."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from ink_core.api.v2 import admin, app, auth, ccs, cr, cr_apps, fs, fs_transfers, service, status

ROUTERS: Sequence[APIRouter] = tuple(
    area.router for area in (auth, admin, cr, cr_apps, fs, fs_transfers, app, service, status, ccs)
)
