"""Postfix: the transport. Every road of mail in and out of the platform."""
