"""Stand-ins for services outside the product that tests talk to over a real connection."""
