"""`./casier demo`: what the demonstration holds."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from casier.demo import accounts as known
from casier.demo import cast
from casier.demo.loading import ensure
from casier.kernel.errors import CasierError
from casier.kernel.instance import Instance
from casier.kernel.words import say

app = typer.Typer(
    help=say("Démonstration : comptes, courrier", "Demonstration: accounts, mail"), no_args_is_help=True
)


class NotInTheCast(CasierError):
    """Nobody of the demonstration has this address."""

    code = "not_in_the_cast"


@app.command(help=say("Lister les comptes et leur mot de passe.", "List the accounts and their password."))
def accounts(
    as_json: Annotated[bool, typer.Option("--json", help=say("Réponse en JSON", "Answer in JSON"))] = False,
) -> None:
    rows = known.rows(Instance.load())
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    heads = say("Nom|Nom de connexion|Portail|Adresse|Fonction", "Name|Sign-in name|Portal|Address|Function")
    table = Table(*heads.split("|"), box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["name"], row["signInName"], row["web"], row["address"], row["label"])
    console = Console(highlight=False)
    # A name cut in two can't be copied: a narrow terminal wraps whole lines instead.
    console.width = max(console.width, 170)
    console.print(table)
    password = say("Mot de passe de tous les comptes :", "Everyone's password:")
    console.print(f"\n{password} {cast.PASSWORD}")


@app.command(
    help=say(
        "Charger ce qui manque ; l’instance doit tourner.", "Load what is missing; the instance must run."
    )
)
def load() -> None:
    print(ensure(Instance.load(), print))


@app.command(
    help=say(
        "Rendre à cette personne ce qu’elle avait au début : compte ouvert, mot de passe, second facteur, "
        "moyens de secours. Exemple : demo restore karim.haddad@ac-rouen.fr",
        "Give this person back what they came with: account open, password, second factor, ways back. "
        "Example: demo restore karim.haddad@ac-rouen.fr",
    )
)
def restore(
    address: Annotated[str, typer.Argument(metavar=say("ADRESSE", "ADDRESS"))],
) -> None:
    from django.utils import timezone

    from casier.audit.api import Actor
    from casier.demo.doors import restore as give_back
    from casier.directory.access import account_with

    person = next((one for one in cast.load().people if one.address == address), None)
    try:
        if person is None:
            raise NotInTheCast(f"{address} plays no part in the demonstration.", address=address)
        give_back(person, account_with(address), Actor.at_terminal(), timezone.now())
    except CasierError as error:
        typer.echo(f"{error} [{error.reference}]", err=True)
        raise typer.Exit(1) from None


@app.command(
    help=say(
        "Afficher le code que montre maintenant l’application de cette personne (second facteur).",
        "Print the code that this person’s application shows now (second factor).",
    )
)
def code(
    address: Annotated[str, typer.Argument(metavar=say("ADRESSE", "ADDRESS"))],
) -> None:
    from casier.identity.factors.demo import code_of

    try:
        print(code_of(address))
    except CasierError as error:
        typer.echo(f"{error} [{error.reference}]", err=True)
        raise typer.Exit(1) from None


@app.command(
    help=say(
        "Afficher ce qui est arrivé sur un téléphone ou à une adresse de secours : la démonstration n’a pas "
        "d’opérateur, elle garde ce qu’elle enverrait. Exemple : demo phone +33612345678",
        "Print what has arrived on a telephone or at a backup address: the demonstration has no operator, it "
        "keeps what it would send. Example: demo phone +33612345678",
    )
)
def phone(
    number: Annotated[str, typer.Argument(metavar=say("NUMÉRO|ADRESSE", "NUMBER|ADDRESS"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("Réponse en JSON", "Answer in JSON"))] = False,
) -> None:
    from casier.identity.dispatch.demo_telephone import received

    kept = received(number)
    if as_json:
        rows = [{"at": k.at.isoformat(), "kind": k.kind, "subject": k.subject, "text": k.text} for k in kept]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in kept:
        print(f"{one.at:%H:%M:%S}  {one.kind:<5}  {one.subject}\n{one.text}\n")
