"""Bring mail that lies in files (mbox, Maildir, .eml, zip of these) into a mailbox.

Reading knows nothing of the store, the store knows nothing of files; `run.py` joins them.
"""
