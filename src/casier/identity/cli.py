"""`./casier app-password …`: application passwords from the server's command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from casier.audit.api import Actor
from casier.directory.access import account_with, primary_address
from casier.identity.api import Protocol, create_app_password, live_app_passwords, revoke_app_password
from casier.identity.models import AppPassword
from casier.kernel.errors import CasierError
from casier.kernel.words import say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Mots de passe d’application : un par appareil, pour les programmes de courrier et d’agenda. "
        "Le mot de passe du compte n’y sert jamais.",
        "Application passwords: one for each device, for mail and calendar programs. "
        "The account’s own password never works there.",
    ),
)

AsJson = Annotated[bool, typer.Option("--json", help=say("Réponse en JSON", "Answer in JSON"))]
WhichAddress = Annotated[
    str,
    typer.Argument(
        metavar=say("ADRESSE", "ADDRESS"), help=say("Une adresse du compte", "An address of the account")
    ),
]


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is a sentence on standard error and the exit code 1, never a traceback."""
    try:
        yield
    except CasierError as error:
        typer.echo(f"{error} [{error.reference}]", err=True)
        raise typer.Exit(1) from None


def _facts(row: AppPassword) -> dict[str, object]:
    return {
        "id": row.id.hex,
        "name": row.name,
        "protocols": row.protocols,
        "created": row.created_at.isoformat(timespec="seconds"),
    }


@app.command(
    help=say(
        "Créer un mot de passe d’application et l’afficher : la seule fois qu’il peut être lu. "
        "Exemple : app-password create jean.martin@ac-rouen.fr --name 'Thunderbird du bureau'",
        "Make an application password and print it: the only time that it can be read. "
        "Example: app-password create jean.martin@ac-rouen.fr --name 'Thunderbird at work'",
    )
)
def create(
    address: WhichAddress,
    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar=say("APPAREIL", "DEVICE"),
            help=say("L’appareil, comme son propriétaire l’appelle", "The device, as its owner calls it"),
        ),
    ],
    protocol: Annotated[
        list[Protocol] | None,
        typer.Option(
            "--protocol",
            help=say(
                "Ce à quoi il sert ; peut être répété. Sans cette option, à tout",
                "What it is for; may be given several times. Without it, everything",
            ),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    with _refusals():
        account = account_with(address)
        made = create_app_password(account, name, Actor.at_terminal(), protocol or list(Protocol))
    facts = {"password": made.password.reveal(), "address": primary_address(account), **_facts(made.row)}
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else facts["password"])


@app.command(
    "list",
    help=say(
        "Lister ceux qui ouvrent encore le compte : identifiant, date, appareil.",
        "List those that still open the account: identifier, date, device.",
    ),
)
def list_passwords(address: WhichAddress, as_json: AsJson = False) -> None:
    with _refusals():
        rows = [_facts(row) for row in live_app_passwords(account_with(address))]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['created']}  {row['name']}")


@app.command(
    help=say(
        "Révoquer un mot de passe ; ce qu’il a ouvert est coupé aussitôt.",
        "End a password; what it opened is cut at once.",
    )
)
def revoke(
    address: WhichAddress,
    app_password_id: Annotated[
        str, typer.Argument(metavar="ID", help=say("Celui que montre la liste", "As the list shows it"))
    ],
    as_json: AsJson = False,
) -> None:
    with _refusals():
        row = revoke_app_password(account_with(address), app_password_id, Actor.at_terminal())
    typer.echo(
        json.dumps(_facts(row), ensure_ascii=False)
        if as_json
        else say(f"{row.name} : révoqué", f"{row.name}: revoked")
    )
