"""What every part may use: addresses, ids, time, errors, secrets, the instance's layout. Standard library only."""
