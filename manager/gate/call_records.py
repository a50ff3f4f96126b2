"""How what happens to a call stands in the ledger: what `call` folds, but for its approval. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from audit.ledger import Record
from ink_core.identity.principal import Principal
from ink_core.labels import Label
from manager.gate.policy import Origin
from mcp_tools.spec import Risk


def proposed_record(
    call_id: str,
    tool: str,
    arguments: Mapping[str, JsonValue],
    principal: Principal,
    origin: Origin,
    worker_id: str | None,
    risk: Risk | None,
    model_call_id: str | None,
    decision: Mapping[str, JsonValue] | None = None,
    final_arguments: Mapping[str, JsonValue] | None = None,
    request_sha256: str | None = None,
) -> Record:
    """`decision` and `final_arguments` are missing where a call could not even be decided on."""
    changed = final_arguments is not None and final_arguments != arguments
    return Record(
        "call.proposed",
        {
            "call_id": call_id,
            "tool": tool,
            "arguments": dict(arguments),
            "principal": principal.username,
            "authority": authority(principal),
            "origin": origin.value,
            "worker_id": worker_id,
            "risk": risk.value if risk else None,
            "model_call_id": model_call_id,
            "decision": dict(decision) if decision else None,
            "final_arguments": dict(final_arguments) if final_arguments and changed else None,
            "request_sha256": request_sha256,
        },
    )


def authority(principal: Principal) -> dict[str, JsonValue]:
    """What a principal may do, as it is recorded beside the name; `Principal` reads it back."""
    scopes: list[JsonValue] = [scope.value for scope in sorted(principal.scopes)]
    return {"is_admin": principal.is_admin, "scopes": scopes, "credential": principal.credential}


def refused_record(call_id: str, code: str, message: str, label: Label | None = None) -> Record:
    """`label` where the message may tell of what the call was about."""
    body: dict[str, JsonValue] = {"call_id": call_id, "code": code, "message": message}
    return Record("call.refused", body if label is None else {**body, "label": label.to_json()})


def intent_record(
    call_id: str,
    operation_id: str,
    acting_as: str,
    worker_id: str | None,
    arguments: Mapping[str, JsonValue],
    *,
    approval_id: str | None = None,
    grant_id: str | None = None,
    relies: Mapping[str, int],
) -> Record:
    """`relies` is what the call was let through on, beside its own chain."""
    body: dict[str, JsonValue] = {
        "call_id": call_id,
        "operation_id": operation_id,
        "acting_as": acting_as,
        "worker_id": worker_id,
        "arguments": dict(arguments),
        "approval_id": approval_id,
        "grant_id": grant_id,
    }
    return Record("call.intent", body, relies)
