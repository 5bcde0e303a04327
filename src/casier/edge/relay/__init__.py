"""From what happens in Cyrus to the browsers it concerns; a process of its own, so that no check is slowed.

It also answers Cyrus's question about attachments, and ends streams and connections when access ends.
"""
