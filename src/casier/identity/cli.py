"""`./casier app-password …`: application passwords from the server's command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.access import account_with, primary_address
from casier.identity.api import Protocol, create_app_password, live_app_passwords, revoke_app_password
from casier.identity.app_passwords import programs
from casier.identity.app_passwords.actions import parsed
from casier.identity.app_passwords.programs import LastUse
from casier.identity.models import AppPassword, MailProgram
from casier.kernel.errors import CasierError, Unavailable
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


def _facts(row: AppPassword, use: LastUse | None = None) -> dict[str, object]:
    return {
        "id": row.id.hex,
        "name": row.name,
        "protocols": row.protocols,
        "created": row.created_at.isoformat(timespec="seconds"),
        "underApproval": row.under_approval,
        "lastUse": use and {**asdict(use), "at": use.at.isoformat(timespec="seconds")},
    }


def _last_uses(rows: list[AppPassword]) -> dict[UUID, LastUse]:
    """As far as they are known: an operator looks also while Redis is down."""
    try:
        return programs.last_uses(rows)
    except Unavailable:
        return programs.kept_uses(rows)


def _program(program: MailProgram) -> dict[str, object]:
    return {
        "id": program.id.hex,
        "appPassword": program.app_password.name,
        "state": program.state,
        "protocol": program.protocol,
        "program": program.program,
        "address": program.address,
        "seen": program.seen_at.isoformat(timespec="seconds"),
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
    untold: Annotated[
        bool,
        typer.Option(
            "--untold",
            help=say(
                "Ne pas prévenir la personne : pour un programme de la plateforme elle-même (surveillance, "
                "reprise de courrier). Le journal le garde",
                "Don’t tell its owner: for a program of the platform’s own (monitoring, migration). "
                "The journal keeps it",
            ),
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    with _refusals():
        account = account_with(address)
        chosen = protocol or list(Protocol)
        made = create_app_password(account, name, Actor.at_terminal(), chosen, told=not untold)
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
        rows = list(live_app_passwords(account_with(address)))
        used = _last_uses(rows)
    if as_json:
        typer.echo(json.dumps([_facts(row, used.get(row.id)) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        use = used.get(row.id)
        last = f"{use.at:%Y-%m-%d %H:%M} {use.protocol} {use.address} {use.program}".rstrip() if use else "–"
        typer.echo(f"{row.id.hex}  {row.created_at:%Y-%m-%d}  {row.name}  {last}")


@app.command(
    help=say(
        "Lister les logiciels qui attendent l’accord de la personne.",
        "List the programs that wait for their owner’s approval.",
    )
)
def waiting(address: WhichAddress, as_json: AsJson = False) -> None:
    with _refusals():
        found = [_program(program) for program in programs.waiting_programs(account_with(address))]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one['id']}  {one['seen']}  {one['appPassword']}  {one['protocol']} {one['address']}")


def _decided(address: str, program_id: str, as_json: bool, *, approve: bool) -> None:
    with _refusals():
        account, by = account_with(address), Actor.at_terminal()
        program = programs.decide(account, parsed(program_id), by, timezone.now(), approve=approve)
    said = say("accepté", "approved") if approve else say("refusé", "refused")
    facts = json.dumps(_program(program), ensure_ascii=False)
    typer.echo(facts if as_json else f"{program.app_password.name}: {said}")


@app.command(
    help=say(
        "Accepter un logiciel qui attend, à la demande de la personne.",
        "Approve a program that waits, at its owner’s request.",
    )
)
def approve(
    address: WhichAddress, program_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False
) -> None:
    _decided(address, program_id, as_json, approve=True)


@app.command(help=say("Refuser un logiciel qui attend.", "Refuse a program that waits."))
def refuse(
    address: WhichAddress, program_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False
) -> None:
    _decided(address, program_id, as_json, approve=False)


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
