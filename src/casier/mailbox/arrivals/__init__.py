"""What comes into a folder by another road than delivery is scanned there, and taken out when it must be.

A mail program puts messages straight into a mailbox (IMAP APPEND). Each folder has an account of the UIDs
that are settled: scanned on their way in, or since. What isn't settled is open, and an open message is
looked at until it is settled; so nothing depends on an event having arrived.
"""
