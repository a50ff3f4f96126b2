"""Jobs, their output and files in the columns and words of INK's clients, for both of INK's interfaces."""
