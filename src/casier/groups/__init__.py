"""Groups computed from the directory: a rule in words, and who it means today."""
