"""How a person is reached apart from the mailbox: backup addresses and telephones, codes sent there."""
