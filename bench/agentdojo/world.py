"""AgentDojo's environments behind a pipe: one JSON request a line, one JSON answer a line.

A program of its own, run by the interpreter that has the package `agentdojo`; it imports nothing of the project.
Requests: `suites` · `start` (a fresh environment) · `call` (a tool in it) · `score` (was the user's task done, or the
attacker's).
"""

from __future__ import annotations

import json
import sys
from typing import Any

from agentdojo.functions_runtime import (  # pyright: ignore[reportMissingImports]
    FunctionCall,
    FunctionsRuntime,
)
from agentdojo.task_suite.load_suites import get_suites  # pyright: ignore[reportMissingImports]
from pydantic_core import to_jsonable_python

VERSION = "v1.2.2"


class World:
    def __init__(self) -> None:
        self._suites: dict[str, Any] = get_suites(VERSION)

    def suites(self) -> Any:
        return {name: self._described(suite) for name, suite in self._suites.items()}

    def _described(self, suite: Any) -> Any:
        tools = [{"name": tool.name, "schema": tool.parameters.model_json_schema()} for tool in suite.tools]
        users = {key: self._planned(suite, task, task.PROMPT) for key, task in suite.user_tasks.items()}
        attacks = {key: self._planned(suite, task, task.GOAL) for key, task in suite.injection_tasks.items()}
        return {"tools": tools, "user_tasks": users, "attacks": attacks}

    def _planned(self, suite: Any, task: Any, words: str) -> Any:
        environment = suite.load_and_inject_default_environment({})
        if hasattr(task, "init_environment"):
            environment = task.init_environment(environment)
        calls = [{"tool": call.function, "arguments": call.args} for call in task.ground_truth(environment)]
        return {"words": words, "calls": calls}

    def start(self, suite: str, user_task: str) -> None:
        self._suite = self._suites[suite]
        self._task = self._suite.user_tasks[user_task]
        self._environment = self._task.init_environment(self._suite.load_and_inject_default_environment({}))
        self._before = self._environment.model_copy(deep=True)
        self._runtime = FunctionsRuntime(self._suite.tools)
        self._trace: list[Any] = []

    def call(self, tool: str, arguments: dict[str, Any]) -> Any:
        result, error = self._runtime.run_function(self._environment, tool, arguments)
        self._trace.append(FunctionCall(function=tool, args=arguments))
        return {"result": to_jsonable_python(result, serialize_unknown=True), "error": error}

    def score(self, attack: str | None = None) -> bool:
        """Whether what was done is the user's task, or the attacker's."""
        task = self._suite.injection_tasks[attack] if attack else self._task
        by_trace, by_state = (
            (task.security_from_traces, task.security) if attack else (task.utility_from_traces, self._utility)
        )
        answer = task.GROUND_TRUTH_OUTPUT
        try:
            judged = by_trace(answer, self._before, self._environment, self._trace)
            return bool(by_state(answer, self._before, self._environment) if judged is None else judged)
        except Exception:  # the suite's own checks fail where nothing was done
            return False

    def _utility(self, answer: str, before: Any, after: Any) -> Any:
        return self._task.utility(answer, before, after, strict=True)


def main() -> None:
    world = World()
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(world, request.pop("ask"))(**request)
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
