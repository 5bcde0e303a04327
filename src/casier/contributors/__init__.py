"""People from outside who work with a school for a while: asked for, agreed to, renewed, ended."""
