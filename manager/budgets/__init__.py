"""Budgets: what an agent may use up of tokens, money, calls, time and CPU-hours, and what it has used.

`amounts` (the five measures) → `accounts` (the hierarchy: reserve before, settle after) → `desk` (questions to models
are let through or not) and `usage` (what they cost, in the database).
"""
