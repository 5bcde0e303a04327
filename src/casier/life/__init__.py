"""The life of an account: leaving, closing, purge, holds, idleness, and the calendar of what will end."""
