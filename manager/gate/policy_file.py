"""Reads a policy from YAML. A file without a valid policy is refused whole, with the place of the mistake."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from pathlib import Path

import yaml
from pydantic import ValidationError

from ink_core.errors import BadInput
from manager.gate.policy import Policy


class PolicyInvalid(BadInput):
    code = "policy_invalid"


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the default policy. Raises `PolicyInvalid` (also for an unreadable file)."""
    if path is None:
        return parse_policy(
            resources.files("manager.gate").joinpath("default_policy.yaml").read_text(), "default policy"
        )
    try:
        return parse_policy(path.read_text(), str(path))
    except OSError as error:
        raise PolicyInvalid(f"the policy file {path} cannot be read: {error.strerror}") from error


def parse_policy(text: str, source: str) -> Policy:
    try:
        policy = Policy.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise PolicyInvalid(f"{source} is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PolicyInvalid(f"{source}: {place}: {first['msg']}") from error
    repeated = [rule_id for rule_id, count in Counter(rule.id for rule in policy.rules).items() if count > 1]
    if repeated:
        raise PolicyInvalid(f"{source}: rule id {repeated[0]!r} is used twice; every rule needs its own")
    return policy
