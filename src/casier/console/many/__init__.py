"""Lists of people by what is known of them, and acts on many of them: looked at first, done in portions."""
