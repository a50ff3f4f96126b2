"""What people add to what the system knows: facts, documents, runbooks, skills, corrections; and how it is reviewed."""
