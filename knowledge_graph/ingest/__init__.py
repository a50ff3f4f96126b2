"""From what the parts of the platform tell to facts of the global model. Pure: no I/O and no clock.

What a site consists of is told whole, and the model finds what is new. Jobs and nodes, of which there are very many,
have an ingester each that remembers what it said and tells what has changed since (`Update`).
"""
