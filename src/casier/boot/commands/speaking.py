"""What the commands on content share: the actor, the errors a person can do something about, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from casier.audit.api import Actor
from casier.boot.commands.refusals import words_for
from casier.boot.words import say
from casier.kernel.errors import CasierError

REFUSED = 1
UNAVAILABLE = 75  # sysexits.h, EX_TEMPFAIL: try again later

AsJson = Annotated[bool, typer.Option("--json", help=say("Réponse en JSON", "Answer in JSON"))]
Reason = Annotated[
    str, typer.Option("--reason", help=say("Motif, inscrit au journal", "Reason, written in the journal"))
]
InAcademy = Annotated[
    str,
    typer.Option(
        "--academy", help=say("Seulement cette académie (nom court)", "Only this academy (short name)")
    ),
]
OneAddress = Annotated[
    str,
    typer.Argument(
        metavar=say("ADRESSE", "ADDRESS"),
        help=say("L’adresse du compte, de la boîte", "Of the account or mailbox"),
    ),
]


def operator() -> Actor:
    """Whoever typed the command."""
    return Actor.at_terminal()


@contextmanager
def told() -> Iterator[None]:
    """Turn a refusal into a line on stderr and an exit code: 1 refused, 75 try again later."""
    from redis import RedisError

    from casier.kernel.errors import Unavailable

    try:
        yield
    except (Unavailable, RedisError) as error:
        complain(say(f"Indisponible pour le moment : {error}", f"Not available for now: {error}"))
        raise typer.Exit(UNAVAILABLE) from error
    except CasierError as error:
        complain(words_for(error))
        raise typer.Exit(REFUSED) from error


def complain(text: str) -> None:
    """A line for a person, apart from what a program reads."""
    print(text, file=sys.stderr)


def as_json(value: Any) -> None:
    """Print VALUE as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def secret_line() -> str:
    """One line of standard input, for what must not stand on a command line."""
    return sys.stdin.readline().rstrip("\r\n")
