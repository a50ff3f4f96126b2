"""The four-layer global model and the context assembler over it."""
