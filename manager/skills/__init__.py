"""Skills of this installation: the library that the settings name, and the commands that check and try them."""
