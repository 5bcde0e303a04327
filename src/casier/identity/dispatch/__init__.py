"""What the platform itself sends to a person: mail, text messages, spoken codes, letters into the mailbox."""
