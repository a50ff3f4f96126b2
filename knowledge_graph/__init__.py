"""What is known beside the live state: the search over documents, and the four-layer global model."""
