"""Jobs of a description are counted where that is beyond doubt, and are assumed to be very many elsewhere."""

from __future__ import annotations

import pytest

from mcp_tools.job_counts import UNCOUNTED, jobs_in


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        ("executable = a", 1),
        ("executable = a\nqueue", 1),
        ("executable = a\nQUEUE 12\nqueue 5\n", 17),
        ("#!/bin/sh\ntrue\n", 1),
        ("#!/bin/sh\n#SBATCH -n 4 --array=1-400%10\n", 400),
        ("#!/bin/sh\n#SBATCH -a 0-9\n#SBATCH --mem=1G\n", 10),
        ("#!/bin/sh\n#SBATCH --array 0-9:3,20\n", 5),
    ],
)
def test_what_is_written_is_counted(text: str, jobs: int) -> None:
    assert jobs_in(text) == jobs


@pytest.mark.parametrize(
    "text",
    [
        None,
        "executable = a\nqueue 2 in (a b)",
        "executable = a\nqueue $(many)",
        "executable = a\nqueue file matching *.dat",
        "executable = a\nqu\\\neue 500",
        "include : /bin/more-jobs |\nqueue",
        "#!/bin/sh\n#SBATCH --array=$N\n",
        "#!/bin/sh\n#SBATCH hetjob\n",
    ],
)
def test_what_has_to_be_evaluated_is_very_many(text: str | None) -> None:
    assert jobs_in(text) == UNCOUNTED
