"""What is known beside the live state: the search over documents. The four-layer global model is planned."""
