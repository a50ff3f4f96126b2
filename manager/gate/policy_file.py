"""Reads a policy from YAML. A file without a valid policy is refused whole, with the place of the mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.constructor import ConstructorError

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
    except UnicodeDecodeError as error:
        raise PolicyInvalid(f"the policy file {path} is not UTF-8 text") from error


def parse_policy(text: str, source: str) -> Policy:
    try:
        policy = Policy.model_validate(yaml.load(text, _Loader))  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        raise PolicyInvalid(f"{source} is not YAML: {error}") from error
    except RecursionError as error:
        raise PolicyInvalid(f"{source} is nested too deeply for a policy") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PolicyInvalid(f"{source}: {place}: {first['msg']}") from error
    repeated = [rule_id for rule_id, count in Counter(rule.id for rule in policy.rules).items() if count > 1]
    if repeated:
        raise PolicyInvalid(f"{source}: rule id {repeated[0]!r} is used twice; every rule needs its own")
    return policy


class _Loader(yaml.SafeLoader):
    """YAML's safe loader takes the last of two equal keys, so that a second `rules:` would silently undo the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is not None and key in seen:
                raise ConstructorError(None, None, f"the key {key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)
