"""Help for people: one short page a subject, the same in both languages, as Markdown in `fr/` and `en/`."""
