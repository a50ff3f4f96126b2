"""All routers of `/api/v3`, for the application to include."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from ink_core.api.v3 import auth, credentials, files, jobs

ROUTERS: Sequence[APIRouter] = (auth.router, jobs.router, files.router, credentials.router)
