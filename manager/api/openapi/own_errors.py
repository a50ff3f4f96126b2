"""Errors of interfaces that others made, in their form: JobLens and OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_JOBLENS = ("/data/", "/joblens/")
_COMPLETIONS = ("/v1/",)
_LENS_ERROR: dict[str, Any] = {
    "title": "LensError",
    "description": "An error in the envelope of JobLens: `code` is the HTTP status, `error` our stable word.",
    "type": "object",
    "required": ["code", "message", "data", "error", "retryable"],
    "properties": {
        "code": {"type": "integer", "title": "Code"},
        "message": {"type": "string", "title": "Message"},
        "data": {"title": "Data"},
        "error": {"type": "string", "title": "Error"},
        "retryable": {"type": "boolean", "title": "Retryable"},
    },
}
_LENS_STATUSES = {
    "400": "The question makes no sense.",
    "401": "Nobody is signed in.",
    "403": "The credential may not.",
    "404": "There is no record of such a job that the caller may see.",
    "409": "The job is not in the state for it.",
    "410": "The job's record is gone.",
    "429": "Too much at once.",
    "503": "The store does not answer.",
    "504": "The store does not answer in time.",
}
_COMPLETION_ERROR: dict[str, Any] = {
    "title": "CompletionErrorBody",
    "description": "An error as clients of OpenAI's interface read it; `code` is our stable word.",
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "title": "Error",
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string", "title": "Message"},
                "type": {"type": "string", "title": "Type"},
                "param": {"title": "Param"},
                "code": {"type": "string", "title": "Code"},
            },
        }
    },
}
_COMPLETION_STATUSES = {
    "400": "The request makes no sense, or asks for what the harness cannot give.",
    "401": "Nobody is signed in.",
    "403": "The credential may not, or the model may not see what the conversation has seen.",
    "404": "There is no such model, or no such conversation of the caller's.",
    "409": "The conversation is at work.",
    "429": "Too much at once.",
    "502": "The turn ended without an answer.",
    "503": "The answer cannot be had now; the turn goes on.",
    "504": "There was no answer in time.",
}
ERROR_SCHEMAS = {"LensError": _LENS_ERROR, "CompletionErrorBody": _COMPLETION_ERROR}


def own_errors(path: str) -> Mapping[str, dict[str, Any]]:
    """The error answers by status; none where errors are problem documents."""
    if path.startswith(_JOBLENS):
        return {status: {"description": why, "content": _lens_error()} for status, why in _LENS_STATUSES.items()}
    if path.startswith(_COMPLETIONS):
        return {status: {"description": why, "content": _shown()} for status, why in _COMPLETION_STATUSES.items()}
    return {}


def _shown() -> dict[str, Any]:
    message = "tools of a client are not called here: the agent has those of the site"
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "unsupported_parameter"}
    schema = {"$ref": "#/components/schemas/CompletionErrorBody"}
    return {"application/json": {"schema": schema, "example": {"error": error}}}


def _lens_error() -> dict[str, Any]:
    example = {
        "code": 404,
        "message": "JobLens has no record of a job 172.0 of yours on htcondor",
        "data": None,
        "error": "job_not_recorded",
        "retryable": False,
    }
    return {"application/json": {"schema": {"$ref": "#/components/schemas/LensError"}, "example": example}}
