"""nginx: the one door for browsers and mail programs. It asks the edge before it lets anything through."""
