"""Hostile mail: what it tries, a browser that sees whether it succeeded, and the pages it is opened in."""
