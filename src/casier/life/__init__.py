"""The life of an account: leaving, closing, purge, holds, idleness; contributors and their sponsors."""
