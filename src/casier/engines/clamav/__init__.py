"""ClamAV: the virus scanner."""
