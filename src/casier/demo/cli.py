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
from casier.kernel.instance import Instance

app = typer.Typer(help="Démonstration : comptes et courrier", no_args_is_help=True)


@app.command()
def accounts(as_json: Annotated[bool, typer.Option("--json", help="Pour un programme")] = False) -> None:
    """Les comptes de la démonstration et leur mot de passe."""
    rows = known.rows(Instance.load())
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("Nom", "Nom de connexion", "Portail", "Adresse", "Fonction", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["name"], row["signInName"], row["web"], row["address"], row["label"])
    console = Console(highlight=False)
    # A name cut in two can't be copied: a narrow terminal wraps whole lines instead.
    console.width = max(console.width, 170)
    console.print(table)
    console.print(f"\nMot de passe de tous les comptes : {cast.PASSWORD}")


@app.command()
def load() -> None:
    """Charger ce qui manque de la démonstration (l'instance doit être démarrée)."""
    print(ensure(Instance.load(), print))
