"""Commands on the directory and the engines. They only read words and print; actions do the work."""
