"""What every part may use: addresses, ids, errors, secrets, the instance's layout. Standard library only."""
