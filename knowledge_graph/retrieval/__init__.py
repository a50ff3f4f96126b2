"""Finding the part of the global model that a question is about: linking, text search, fusion, and a local walk."""
