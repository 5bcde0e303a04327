"""What stands against guessing and taking over: lanes, locks, one device at a time, what is unusual."""
