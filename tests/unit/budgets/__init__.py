"""What agents may use up, and what they have used."""
