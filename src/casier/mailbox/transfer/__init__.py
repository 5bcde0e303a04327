"""A mailbox taken out as one file, and files taken in: in the background, with progress, told when done."""
