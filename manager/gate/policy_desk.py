"""Changes of the policy by administrators: checked, one at a time, and only of the policy that they looked at."""

from __future__ import annotations

import asyncio
import difflib

from audit.redaction import redact_text
from ink_core.errors import BadInput
from manager.gate.live_policy import LivePolicy
from manager.gate.policy.policy import Policy
from manager.gate.policy_file import parse_policy
from manager.gate.policy_versions import PolicyVersion
from mcp_tools.policy_port import AppliedPolicy, PolicyAsked, PolicyChanged, PolicyOwnedByFile

WRITTEN = "policy"


class PolicyDesk:
    """Implements `mcp_tools.policy_port.PolicyChanges`."""

    def __init__(self, live: LivePolicy) -> None:
        self._live = live
        self._one_at_a_time = asyncio.Lock()

    def check(self, text: str, replaces: str) -> str:
        self._checked(text, replaces)
        lines = difflib.unified_diff(
            self._live.text().splitlines(), text.splitlines(), "in force", "wanted", lineterm="", n=2
        )
        return "\n".join(lines)

    async def apply(self, asked: PolicyAsked) -> AppliedPolicy:
        async with self._one_at_a_time:
            policy = await asyncio.to_thread(self._checked, asked.text, asked.replaces)
            said = {"by": asked.by, "reason": asked.reason, "operation_id": asked.operation_id}
            await self._live.put(asked.text, policy, {**said, "replaces": asked.replaces})
        return AppliedPolicy(version=policy.version, replaced=asked.replaces, rules=len(policy.rules))

    async def applied(self, operation_id: str) -> AppliedPolicy | None:
        versions = await self._live.versions()
        for before, version in zip([None, *versions], versions, strict=False):
            if version.operation_id == operation_id:
                return _told(version, before)
        return None

    def _checked(self, text: str, replaces: str) -> Policy:
        if self._live.owned_by_file:
            raise PolicyOwnedByFile("the policy of this site is in a file (policy.file): change it there")
        if redact_text(text) != text:
            raise BadInput("the policy holds what looks like a secret, which no record keeps; take it out")
        policy = parse_policy(text, WRITTEN)
        if replaces != self._live.current().version:
            raise PolicyChanged("another policy is in force by now than the one that you looked at; look at it again")
        return policy


def _told(version: PolicyVersion, before: PolicyVersion | None) -> AppliedPolicy:
    return AppliedPolicy(version=version.version, replaced=before.version if before else "", rules=version.rules)
