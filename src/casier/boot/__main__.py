"""`python -m casier.boot`: the command line."""

import os
import sys

from casier.boot.cli import main


def _read_no_further() -> None:
    """Whoever read the lines (`| head`) has seen enough: that isn't an error to tell at the end."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    try:
        main()
    finally:
        _read_no_further()
