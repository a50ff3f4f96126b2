"""What was learned: corrections, findings and decisions of sessions, how they age, and what came of recalling them."""
