"""The central manager: agent loop, gate, workers, sessions and their interface."""
