"""Makes the document: what the framework says of the routes, with names, security, error codes and examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from ink_core.api.security import COOKIE, scopes_of
from ink_core.identity.principal import Scope
from manager.api.openapi import problems
from manager.api.openapi.examples import Examples
from manager.api.openapi.own_errors import ERROR_SCHEMAS, own_errors
from manager.api.openapi.tables import table

INK_V2 = "/api/v2/"
INK_V3 = "/api/v3/"
BEARER_ONLY = (INK_V3, "/oidc/")
JSON = "application/json"
DESCRIPTION = """\
Jobs, files, conversations and their records over HTTP. Send a token as `Authorization: Bearer TOKEN`.

Errors below `/api/v1` are problem documents (RFC 9457) with a stable `code`; each operation names its own. Besides,
every operation may answer 500 `internal_error`. Below `/api/v2` answers are INK's envelopes, with HTTP 200 for business
errors, for clients of INK that exist."""
BROWSER = "A browser; changes need `Origin`. Over TLS its name begins with `__Host-`."
SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `POST /api/v1/tokens`."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": BROWSER},
    "ink_token": {"type": "apiKey", "in": "header", "name": "Ink-Token", "description": "As INK's clients send it."},
}
ENVELOPE: dict[str, Any] = {
    "title": "InkEnvelope",
    "description": "INK's envelope: `status` is `200`, or else what went wrong; then `data` is null.",
    "type": "object",
    "required": ["status", "msg", "data"],
    "properties": {
        "status": {"type": "string", "title": "Status"},
        "msg": {"type": "string", "title": "Msg"},
        "data": {"title": "Data"},
        "code": {"type": "string", "title": "Code"},
        "retryable": {"type": "boolean", "title": "Retryable"},
    },
}
NO_BODY = {"204", "304", "416", "460"}


def operation_name(route: APIRoute) -> str:
    """Operations go by what they do; those of INK by their paths, which its users know, or its version beside."""
    if route.path.startswith(INK_V2):
        return f"v2_{route.path.removeprefix(INK_V2).replace('/', '_')}"
    name = str(route.endpoint.__name__)
    return f"v3_{name}" if route.path.startswith(INK_V3) else name


@dataclass(frozen=True)
class Operation:
    """`said` is the operation in the document, to be changed in place; `scopes` is None where it is open to all."""

    path: str
    said: dict[str, Any]
    scopes: frozenset[Scope] | None

    @property
    def name(self) -> str:
        return str(self.said["operationId"])

    @property
    def is_ink(self) -> bool:
        return self.path.startswith(INK_V2)

    @property
    def is_bearer_only(self) -> bool:
        return self.path.startswith(BEARER_ONLY)

    @property
    def success(self) -> dict[str, Any]:
        """The one answer of a request that worked, as the framework declares it."""
        return next(answer for status, answer in self.said["responses"].items() if status.startswith("2"))


def document(app: FastAPI) -> dict[str, Any]:
    """Raises `NoExample` for a field that nobody has given an example value."""
    made = get_openapi(
        title="INK Harness", version=version("ink-harness"), description=DESCRIPTION, routes=app.state.documented,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"}, servers=[{"url": "/"}],
    )  # fmt: skip
    schemas = made["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= {"Problem": problems.SCHEMA, "InkEnvelope": ENVELOPE, **ERROR_SCHEMAS}
    examples, answers = Examples(schemas), problems.Answers()
    for operation in _operations(app, made):
        _complete(operation, examples, answers)
    made["components"] |= {
        "securitySchemes": SCHEMES,
        "responses": dict(sorted(answers.responses.items())),
        "examples": dict(sorted(answers.examples.items())),
    }
    tags = {tag for item in made["paths"].values() for said in item.values() for tag in said["tags"]}
    made["tags"] = [{"name": tag} for tag in sorted(tags)]
    return made


def _operations(app: FastAPI, made: dict[str, Any]) -> Iterator[Operation]:
    for route in iter_route_contexts(app.routes):
        for method in sorted(getattr(route, "methods", None) or ()):
            said = made["paths"].get(route.path, {}).get(method.lower())
            if said is not None:
                yield Operation(str(route.path), said, scopes_of(route.dependant))


def _complete(operation: Operation, examples: Examples, answers: problems.Answers) -> None:
    said = operation.said
    said["summary"] = operation.name.removeprefix("v2_").removeprefix("v3_").replace("_", " ").capitalize()
    said["security"] = [] if operation.scopes is None else _security(operation)
    _show_request(operation, examples)
    body = "requestBody" in said
    takes = body or bool(said.get("parameters")) or "headers" in said
    said["responses"].pop("422", None)
    _show_answer(operation, examples)
    if own := own_errors(operation.path):
        said["responses"] = dict(sorted({**said["responses"], **own}.items()))
        return
    if operation.is_ink:
        codes = {"throttled", "body_too_large"} if body else {"throttled"}
    else:
        codes = problems.codes_of(operation.name, said["tags"], operation.scopes, takes=takes, body=body)
        codes |= problems.codes_of_headers(one["name"] for one in said.get("parameters", ()))
    for status, problem in answers.of(codes).items():
        own = said["responses"].get(status, {})
        if "content" in own:
            own["content"] |= answers.responses[problem["$ref"].rpartition("/")[2]]["content"]
        else:
            said["responses"][status] = own or problem
    said["responses"] = dict(sorted(said["responses"].items()))


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    scopes = sorted(operation.scopes or ())
    ways: list[dict[str, list[str]]] = [{"bearer": [scope.value for scope in scopes]}]
    if operation.is_bearer_only:
        return ways
    return [*ways, {"session": []}, *([{"ink_token": []}] if operation.is_ink else [])]


def _show_request(operation: Operation, examples: Examples) -> None:
    said, told = operation.said, table("operations")
    for name in told["headers_of"].get(operation.name, ()):
        said.setdefault("parameters", []).append({"name": name, "in": "header", **told["headers"][name]})
    for parameter in said.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["example"] = examples.of(
                parameter["schema"], f"{operation.name}.{parameter['name']}", parameter["name"]
            )
    if content := told["requests"].get(operation.name):
        said["requestBody"] = {"required": True, "content": content}
    for media in said.get("requestBody", {}).get("content", {}).values():
        if "example" not in media:
            media["example"] = examples.of(media["schema"], asked=True)


def _show_answer(operation: Operation, examples: Examples) -> None:
    told, answer = table("operations"), operation.success
    envelope = _enveloped(operation)
    if operation.is_ink or operation.name in told["bodies"]:
        answer["content"] = {} if "204" in operation.said["responses"] else envelope | _told(operation)
    for one in operation.said["responses"].values():
        for media in one.get("content", {}).values():
            if str(media["schema"].get("title")).startswith("Response "):
                del media["schema"]["title"]  # the framework's, of the name of the operation
            if "example" not in media:
                media["example"] = examples.of(media["schema"], operation.name)
    for status, why in told["parts"].get(operation.name, {}).items():
        content = {} if str(status) in NO_BODY else {"content": envelope or answer["content"]}
        operation.said["responses"][str(status)] = {"description": why, **content}
    if not answer.get("content"):
        answer.pop("content", None)


def _enveloped(operation: Operation) -> dict[str, Any]:
    if not operation.is_ink:
        return {}
    data = table("ink_v2").get(operation.path.removeprefix(INK_V2))
    envelope = {"status": "200", "msg": "OK", "data": data}
    if data is None:
        envelope = {
            "status": "F03",
            "msg": "there is no such file",
            "data": None,
            "code": "not_found",
            "retryable": False,
        }
    return {JSON: {"schema": {"$ref": "#/components/schemas/InkEnvelope"}, "example": envelope}}


def _told(operation: Operation) -> dict[str, Any]:
    bodies = table("operations")["bodies"].get(operation.name, {})
    return {media: {"schema": _of_media(media), "example": text} for media, text in bodies.items()}


def _of_media(media: str) -> dict[str, str]:
    if media == "text/event-stream":
        return {}  # a schema would be that of one event, in which the data are a text again
    return {"type": "string"} if media.startswith("text/") else {"type": "string", "format": "binary"}
