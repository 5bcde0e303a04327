"""Rules for mail that arrives, and absence: typed here, one readable Sieve script in the store."""
