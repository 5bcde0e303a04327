"""What a feed would change, found out without changing anything."""
