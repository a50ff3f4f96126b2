"""Questions about a synthetic site, with the facts that answer them."""
