"""Office documents become PDF, in a process that can reach nothing; optional (`start --with office`)."""
