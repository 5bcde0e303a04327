"""Files sent by a secured link instead of being attached (docs/operate/links.md)."""
