"""Documents of messages shown without opening them on one's own machine."""
