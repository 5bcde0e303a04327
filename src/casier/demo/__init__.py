"""The demonstration: four academies, twenty people and their mail, made the same way each time.

`cast` and `scenes` read what is written in `data/`, `story` invents the letters, `mail` writes them down,
`load` brings people into the directory and letters into the store.
"""
