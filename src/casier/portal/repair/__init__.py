"""The page that tells why one cannot get in, and mends it."""
