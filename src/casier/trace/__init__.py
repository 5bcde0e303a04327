"""What became of a message: told from the engines' own logs, without its content."""
