"""What the global model costs at the size that is promised: 100,000 nodes and 500,000 edges."""
