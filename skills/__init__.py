"""The skill library: one folder with a SKILL.md per skill, and the catalogue over them."""
