"""Jobs of a description are counted where that is beyond doubt, and are assumed to be very many elsewhere."""

from __future__ import annotations

import pytest

from mcp_tools.job_counts import UNCOUNTED, jobs_in


@pytest.mark.parametrize(
    ("scheduler", "text", "jobs"),
    [
        ("htcondor", "executable = a", 1),
        ("htcondor", "executable = a\nqueue", 1),
        ("htcondor", "executable = a\r\nQUEUE 12\r\nqueue 5\r\n", 17),
        ("htcondor", "#!/bin/sh\nexecutable = a\nqueue 500\n", 500),
        ("htcondor", "# queue 7\n#SBATCH --array=0-99\n  # use it if you like\nqueue 2\n", 2),
        ("slurm", "#!/bin/sh\ntrue\n", 1),
        ("slurm", "#!/bin/sh\n#SBATCH -n 4 --array=1-400%10\n", 400),
        ("slurm", "#!/bin/sh\n#SBATCH -a 0-9\n#SBATCH --mem=1G\n", 10),
        ("slurm", "#!/bin/sh\n#SBATCH --array 0-9:3,20\n", 5),
        ("slurm", "#!/bin/sh\n#SBATCH --arra=0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH --ar 0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH -a0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH -Qa0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH -Ha 0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH --ar\"ra\"y='0-99'\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH \\-a 0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH-a0-99\n", 100),
        ("slurm", "#!/bin/sh\n#SBATCH -pdata -Jfast -o a-%j.out --account=a --mail-user=a@b\n", 1),
        ("slurm", "#!/bin/sh\nif true; then\n  queue 5\nfi\ninclude=\\\n", 1),
    ],
)
def test_what_is_written_is_counted(scheduler: str, text: str, jobs: int) -> None:
    assert jobs_in(text, scheduler) == jobs


@pytest.mark.parametrize(
    ("scheduler", "text"),
    [
        ("htcondor", None),
        ("htcondor", "executable = a\nqueue 2 in (a b)"),
        ("htcondor", "executable = a\nqueue $(many)"),
        ("htcondor", "executable = a\nqueue file matching *.dat"),
        ("htcondor", "executable = a\nqu\\\neue 500"),
        ("htcondor", "executable = a\nqu\\ \t\neue 500"),
        ("htcondor", "executable = a\nqueue 5\x0b00"),
        ("htcondor", "executable = a\n\x0bqueue 500"),
        ("htcondor", "executable = a\nqueue \u0665"),
        ("htcondor", "include : /bin/more-jobs |\nqueue"),
        ("htcondor", "# a comment\\\nqueue 5"),
        ("htcondor", "arguments @=end\nqueue 5\n@end"),
        ("htcondor", "#!/bin/sh\nqueue 3 from list.txt\n"),
        ("slurm", "#!/bin/sh\n#SBATCH --array=$N\n"),
        ("slurm", "#!/bin/sh\n#SBATCH --array=\n"),
        ("slurm", "#!/bin/sh\n#SBATCH --array\n"),
        ("slurm", "#!/bin/sh\n#SBATCH -Za,0-9\n"),
        ("slurm", "#!/bin/sh\n#SBATCH hetjob\n"),
        ("slurm", "#!/bin/sh\n#PBS -J 0-999\n"),
        ("slurm", "#!/bin/sh\n#BSUB -J name[1-999]\n"),
        ("local", "executable = a"),
        (None, "executable = a"),
    ],
)
def test_what_has_to_be_evaluated_is_very_many(scheduler: str | None, text: str | None) -> None:
    assert jobs_in(text, scheduler) == UNCOUNTED
