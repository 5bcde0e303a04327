"""Passwords of people: what one must be, what it may not be again, until when it holds."""
