"""What people choose for themselves in the web client, by section."""
