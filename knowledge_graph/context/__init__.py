"""The context assembler: for one question or decision, the smallest part of the global model that answers it."""
