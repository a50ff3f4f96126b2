"""What is in a ROOT file, told without trusting the file."""
