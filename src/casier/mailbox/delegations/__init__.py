"""Mailboxes opened to colleagues: the engines follow, both are told, what is sent is in the journal."""
