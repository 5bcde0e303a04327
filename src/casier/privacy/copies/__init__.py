"""A copy of everything about a person, for the person: readable pages, files for programs, sealed."""
