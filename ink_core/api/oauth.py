"""Errors of OAuth over HTTP, in the form that its clients read (RFC 6749, section 5.2)."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.responses import Response

NO_STORE = {"Cache-Control": "no-store"}


class OAuthError(BaseModel):
    """RFC 6749, section 5.2, with the errors of RFC 8628, section 3.5."""

    error: str
    error_description: str


REFUSED: dict[int | str, dict[str, Any]] = {400: {"model": OAuthError, "description": "Not, or not yet"}}


def oauth_error(error: str, description: str) -> Response:
    return JSONResponse(OAuthError(error=error, error_description=description).model_dump(), 400, NO_STORE)
