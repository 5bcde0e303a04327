"""The affairs of one school: its people, its shared mailboxes, and what is asked for them."""
