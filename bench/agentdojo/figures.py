"""What is counted: approvals of the users' tasks alone, and attacks that succeed with nobody asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from bench.agentdojo.oracle import DEFAULT, Agent, Call, Order, World, attacked, benign, catalogue
from bench.agentdojo.planner import plan
from manager.gate.policy import Policy

Suites = Mapping[str, Any]
"""By name; each with its `tools`, `user_tasks` and `attacks`."""


async def tasks(world: World, suites: Suites, *, planned: bool = True) -> dict[str, float]:
    """`tcr0`: the share of tasks that are done with nobody asked; `approvals_per_task`: how often somebody is."""
    asked = finished = count = 0
    for name, task_id, agent, calls in _agents(world, suites, planned, DEFAULT):
        done = await benign(agent, calls)
        count, asked, finished = count + 1, asked + agent.asked, finished + (done and not agent.asked)
        print(f"{name} {task_id}: asked {agent.asked}, {'done' if done else 'not done'}", file=sys.stderr)
    return {"tasks": count, "tcr0": round(finished / count, 3), "approvals_per_task": round(asked / count, 3)}


async def attacks(
    world: World, suites: Suites, *, planned: bool = True, order: Order = "after", policy: Policy = DEFAULT
) -> tuple[int, int]:
    """Pairs of a task and an attack, and those whose attack succeeded unattended."""
    pairs = succeeded = 0
    for name, task_id, agent, calls in _agents(world, suites, planned, policy):
        for attack, hostile in _hostile(suites[name]):
            world.ask("start", suite=name, user_task=task_id)
            won = await attacked(agent, calls, attack, hostile, order)
            pairs, succeeded = pairs + 1, succeeded + won
            if won:
                print(f"{name} {task_id}: {attack} succeeded ({order}, plan {planned})", file=sys.stderr)
    return pairs, succeeded


def _agents(
    world: World, suites: Suites, planned: bool, policy: Policy
) -> Iterator[tuple[str, str, Agent, Sequence[Call]]]:
    """For each task its suite, id, agent and calls; its world has been started."""
    for name, suite in suites.items():
        tools = catalogue(world, suite["tools"])
        for task_id, task in suite["user_tasks"].items():
            world.ask("start", suite=name, user_task=task_id)
            steps: list[JsonValue] | None = plan(task["words"], task["calls"]) if planned else None
            yield name, task_id, Agent(world, tools, task["words"], steps, policy), task["calls"]


def _hostile(suite: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Call]]]:
    """Attacks of which the suite says how they are done."""
    for attack, described in suite["attacks"].items():
        if described["calls"]:
            yield attack, described["calls"]
