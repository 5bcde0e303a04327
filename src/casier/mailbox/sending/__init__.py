"""Sending with a moment to undo: a durable queue, then submission on the person's behalf."""
