"""Secured letters: asked for, printed, posted, revoked."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from casier.boot.commands.identity.shared import OneId, academies
from casier.boot.commands.speaking import AsJson, InAcademy, OneAddress, Reason, as_json, operator, told
from casier.boot.words import say
from casier.console.person import letter_facts
from casier.directory.access import account_with
from casier.identity.recovery import api as recovery

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=say(
        "Demander une lettre sécurisée. Exemple : identity letter jean.martin@ac-rouen.fr "
        "--line '12 rue du Port' --line '76000 Rouen' --reason R",
        "Ask for a secured letter. Example: identity letter jean.martin@ac-rouen.fr "
        "--line '12 rue du Port' --line '76000 Rouen' --reason R",
    )
)
def letter(
    address: OneAddress,
    reason: Reason,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", help=say("Une ligne de l’adresse postale", "A line of the postal address")),
    ] = None,
    factors: Annotated[
        bool,
        typer.Option("--factors", help=say("Vaut aussi pour le second facteur", "Stands for the factor too")),
    ] = False,
    json: AsJson = False,
) -> None:
    with told():
        row = recovery.ask_letter(
            account_with(address), operator(), reason, address=line or [], resets_factors=factors
        )
    _tell_letters([letter_facts(row)], json)


@app.command(help=say("Lister les lettres.", "List the letters."))
def letters(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        found = [letter_facts(row) for one in academies(academy) for row in recovery.letters(one)]
    _tell_letters(found, json)


@app.command(
    "print-letters",
    help=say(
        "Écrire les lettres en un PDF sur la sortie standard : identity print-letters ID… > lettres.pdf",
        "Write letters as one PDF to standard output: identity print-letters ID… > letters.pdf",
    ),
)
def print_letters(letter_ids: Annotated[list[str], typer.Argument(metavar="ID…")]) -> None:
    with told():
        pdf = recovery.print_letters(letter_ids, operator())
    sys.stdout.buffer.write(pdf)


@app.command(help=say("Une lettre est partie.", "A letter has left."))
def posted(letter_id: OneId, json: AsJson = False) -> None:
    with told():
        row = recovery.mark_posted(letter_id, operator())
    _tell_letters([letter_facts(row)], json)


@app.command(
    "revoke-letter", help=say("Une lettre ne vaut plus rien.", "A letter is worth nothing any more.")
)
def revoke_letter(letter_id: OneId, reason: Reason, json: AsJson = False) -> None:
    with told():
        row = recovery.revoke_letter(letter_id, operator(), reason)
    _tell_letters([letter_facts(row)], json)


def _tell_letters(found: list[dict[str, Any]], json: bool) -> None:
    if json:
        as_json(found)
        return
    for one in found:
        print(f"{one['id']}  {one['state']:<9} {one['address']}  {one['expiresAt'] or ''}")
