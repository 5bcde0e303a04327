"""`python -m casier.boot`: the command line."""

from casier.boot.cli import main

if __name__ == "__main__":
    main()
