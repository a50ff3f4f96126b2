"""All routers of JobLens, for the application to include."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from joblens.api import captures_routes, jobs_routes, series_routes, verdict_routes
from joblens.api.public import routes, trigger_routes
from joblens.api.public.service_routes import SkillText, service_routers


def lens_routers(skill: SkillText) -> Sequence[APIRouter]:
    modules = (jobs_routes, series_routes, verdict_routes, captures_routes, routes, trigger_routes)
    return (*(module.router for module in modules), *service_routers(skill))
