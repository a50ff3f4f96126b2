"""How often a mistake is repeated before and after people corrected it."""
