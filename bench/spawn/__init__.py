"""How sub-agents are spawned and ended: random trees through the product's own rules, and how fast a tree ends."""
