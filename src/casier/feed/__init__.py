"""The academy's feed: files read, people matched, a plan looked at, applied and undone."""
