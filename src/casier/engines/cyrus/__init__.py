"""Cyrus IMAP: the store (IMAP, JMAP, CalDAV, CardDAV, Sieve, search)."""
