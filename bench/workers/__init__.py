"""`make bench NAME=workers`: what connected workers cost a manager, and how soon all come back after its `kill -9`."""
