"""Passwords of mail and calendar programs: made here, one for a device, never chosen."""
