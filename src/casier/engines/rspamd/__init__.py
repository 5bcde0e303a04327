"""Rspamd: the filter on every road. Scanning, senders, signatures, spam."""
