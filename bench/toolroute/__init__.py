"""`make bench NAME=toolroute`: how often a question leads to the right tool with the right arguments."""
