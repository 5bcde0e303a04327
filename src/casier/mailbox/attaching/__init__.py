"""Attachments that come in pieces, so that a line that breaks costs a piece and not the file."""
