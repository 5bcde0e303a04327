"""Redis: sessions, what the platform publishes, limits."""
