"""Sub-agents: profiles as data, the rights that a child gets of its parent, and the course of its work.

`profile` and `library` (what a site offers) → `rights` (always a subset) → `errand` (the pure machine of one child) →
`running` (does what is due) → `desk` (what tools and routes ask).
"""
