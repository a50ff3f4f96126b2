"""Tasks: what several people and their agents work on together, who may do what in one, and what they found out."""
