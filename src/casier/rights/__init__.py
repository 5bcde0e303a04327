"""Who holds which office, lent by whom, and confirmed when."""
