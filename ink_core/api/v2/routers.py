"""All routers of `/api/v2`, for the application to include."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from ink_core.api.v2 import auth, cr

ROUTERS: Sequence[APIRouter] = (auth.router, cr.router)
