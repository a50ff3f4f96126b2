"""Budgets: what an agent may use up of tokens, money, calls, time and CPU-hours, and what it has used.

`amounts` (the five measures) → `accounts` (the hierarchy: reserve before, settle after) .
"""
