"""What `ink joblens` prints of the calls in which a job spent its CPU time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.table import Table

from manager.joblens.views import Answer, part, printable


def functions_table(stacks: Sequence[Answer], most: int) -> Table:
    """Each function's share of the CPU time: in itself, and with what it calls."""
    whole = sum(stack["cpu_ns"] for stack in stacks) or 1
    inside, below = Counter[str](), Counter[str]()
    for stack in stacks:
        inside[stack["frames"][-1]] += stack["cpu_ns"]
        below.update(dict.fromkeys(stack["frames"], stack["cpu_ns"]))
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("CPU", "WITH CALLED", "FUNCTION"):
        table.add_column(title, justify="left" if title == "FUNCTION" else "right", overflow="fold")
    for name, spent in inside.most_common(most):
        table.add_row(*map(printable, (part(spent / whole), part(below[name] / whole), name)))
    return table


def folded_lines(stacks: Sequence[Answer]) -> Iterator[str]:
    """The process and its calls with `;` between them, and how often they were seen."""
    for stack in stacks:
        process = stack["process"].replace(";", ":")
        yield f"{';'.join([process, *stack['frames']])} {stack['samples']}"
