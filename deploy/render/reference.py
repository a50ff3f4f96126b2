"""Writes docs/reference/deployment.md from the fields of a deployment: `python -m deploy.render.reference`."""

from __future__ import annotations

from importlib.resources import files

from deploy.init.make import ROTATABLE
from deploy.render.layers import shipped
from deploy.render.model import Deployment
from deploy.render.yaml_layer import parse_layer
from ink_core.settings.reference import rows

INTRODUCTION = """# Keys of a deployment

Layers, each over the one before: `profiles/base.yaml` → a profile → extras → the site's answers. Mappings merge key by
key; a list is replaced as a whole. An unknown key, a key that stands twice, an alias and a value of the wrong kind are
errors that name file and line. The answers may also hold `profile: NAME` and `extras: [NAME, …]`. `ink deploy show`
prints the merged values, each with the file and line that it comes from. How to use it is told in
[Deploy a site](../how-to/deploy.md). This page is made from the code.
"""


def reference() -> str:
    """The page as Markdown."""
    base = parse_layer((files("deploy") / "profiles" / "base.yaml").read_text("utf-8"), "base").tree
    table = "".join(f"{row}\n" for row in rows(Deployment, "", base))
    return (
        f"{INTRODUCTION}\n{_shipped('profiles')}\n{_shipped('extras')}\n"
        f"## Keys\n\n| key | value at first | meaning |\n|---|---|---|\n{table}\n"
        f"## What `./stack init --rotate` makes anew\n\n{', '.join(f'`{key}`' for key in ROTATABLE)}\n"
    )


def _shipped(kind: str) -> str:
    lines = [f"## {kind.capitalize()}\n", "| name | |", "|---|---|"]
    for name in shipped(kind):
        first = (files("deploy") / kind / f"{name}.yaml").read_text("utf-8").splitlines()[0]
        lines.append(f"| `{name}` | {first.removeprefix('# ')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(reference(), end="")
