"""What happened at the door, and telling the person: sign-ins, notices, « it wasn’t me »."""
