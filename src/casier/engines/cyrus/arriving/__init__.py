"""What Cyrus asks about each message while it stores it, and what it is answered."""
