"""`make bench NAME=context`: how often what a decision needs is in the context pack, beside simpler ways."""
