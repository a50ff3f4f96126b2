"""`make bench NAME=rest`: how often and how soon the REST interface answers, with plain FastAPI beside it."""
