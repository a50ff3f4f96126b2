"""The contract server's models and rules of JobLens as administrators switch them; rules are in the real language."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from manager.joblens.rules_file import RulesInvalid, parse_rules, rules_text
from tests.web.contract_world import Json, World, now, stamp

API = "/api/v1/admin"


def managed_model(name: str, trust: str = "site", **changes: object) -> Json:
    facts = {"name": name, "trust": trust, "context_tokens": 32_768, "prompt_price": 0.2, "completion_price": 0.6}
    state = {"state": "ready", "failures": 0, "resting_s": 0.0, "switched": None, "is_default": False}
    return {
        **facts,
        "tool_calling": "native",
        "endpoint": "https://llm.example/v1",
        "model": "qwen3",
        **state,
        **changes,
    }


def switch_routes(app: FastAPI, world: World, allowed: Callable[[Request], str]) -> None:
    @app.get(f"{API}/models")
    async def models(request: Request) -> list[Json]:
        allowed(request)
        return world.managed_models

    @app.get(f"{API}/rules")
    async def rules(request: Request) -> Json:
        allowed(request)
        text, source = rules_text(None)
        shown = [
            {"name": rule.name, "text": rule.text, "state": "on", "switched": None, "steps": ["capture", "warn"]}
            | {"written": rule.model_dump(mode="json", by_alias=True, exclude_unset=True)}
            | world.switched.get(rule.name, {})
            for rule in parse_rules(text, source).rules
        ]
        return {"source": source, "file_text": text, "dry_run": False, "act_as": None, "rules": shown}

    @app.post(f"{API}/rules/check")
    async def check(request: Request, body: Json) -> Json:
        allowed(request)
        try:
            return {"rules": len(parse_rules(body["text"], "rules").rules), "problems": []}
        except RulesInvalid as error:
            return {"rules": 0, "problems": str(error).splitlines()}

    @app.post(f"{API}/rules/backtest")
    async def backtest(request: Request, body: Json) -> Json:
        allowed(request)
        fired = {"cluster": "dev", "job": "172.0", "rule": "cpu-idle", "time": now().timestamp()}
        first = [{**fired, "step": step, "evidence": {"cpu_percent": 1.25}} for step in ("capture", "warn")]
        counts = {"captures": 1, "warnings": 1, "actions": 0, "left_out": 0, "fired": {"cpu-idle": 1}}
        return {"jobs": 100, "more": True, **counts, "first": first}

    @app.put(f"{API}/switches")
    async def switch(request: Request, body: Json) -> Json:
        switched = {**body, "by": allowed(request), "at": stamp(now())}
        if body["kind"] == "model":
            (model,) = (one for one in world.managed_models if one["name"] == body["name"])
            model |= {"state": "ready" if body["to"] == "on" else "off", "switched": switched}
        world.switched[body["name"]] = {"state": body["to"], "switched": switched}
        return switched
