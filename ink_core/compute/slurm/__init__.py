"""Slurm through slurmrestd: its OpenAPI version v0.0.42, which Slurm 24.11 and later answer."""
