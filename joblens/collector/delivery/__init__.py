"""The way of batches to the store: numbered and bounded, on disk, and sent until they are taken."""
