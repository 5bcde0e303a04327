"""`./casier identity`: a person's access, as the console shows and changes it."""

from __future__ import annotations

import typer

from casier.boot.commands.identity import letters, person, resets, watching
from casier.boot.words import say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "L’accès d’une personne : pourquoi elle n’entre pas, et ce qui l’aide.",
        "A person’s access: why they can’t get in, and what helps.",
    ),
)
for commands in (person.app, resets.app, letters.app, watching.app):
    app.add_typer(commands)
