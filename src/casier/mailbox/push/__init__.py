"""Web Push: a device whose page is closed is told that there is new mail, and nothing of it."""
