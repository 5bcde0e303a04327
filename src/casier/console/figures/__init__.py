"""Figures of each day, how full mailboxes are, and the pages that draw them."""
