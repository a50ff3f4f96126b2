"""Budgets: what agents and programs may use up of tokens, money, calls, time and CPU-hours, and what they have used.

`amounts` (the five measures) → `accounts` (in memory: reserve before, settle after, along a path that `spender` names)
and `shared` (in the database, for several desks: `seats`, `reservations`, `totals`) → `desk` (lets through what fits).
`paying` (questions to models) and `calls` (the gate's calls) reserve there; `journal` writes what calls and their jobs
used to `usage` and `submissions`, in the database.
"""
