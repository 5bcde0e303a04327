"""`./casier figures`: what the dashboard tells, and having it counted now."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, as_json, told
from casier.boot.words import say
from casier.console.figures import nightly, sizes
from casier.console.models import Figure
from casier.directory.access import academy_named

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Les chiffres de chaque jour.", "The figures of each day."),
)


@app.command(
    help=say(
        "Montrer les chiffres des derniers jours. --part : d:76 (département), n:reseau (réseau).",
        "Show the figures of the last days. --part: d:76 (department), n:network.",
    )
)
def show(
    academy: Annotated[str, typer.Argument(help=say("Nom court", "Short name"))],
    part: Annotated[str, typer.Option("--part", help=say("Une partie", "A part of it"))] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=1100)] = 1,
    json: AsJson = False,
) -> None:
    with told():
        rows = Figure.objects.filter(
            academy=academy_named(academy), part=part, on__gt=timezone.localdate() - timedelta(days=days)
        ).order_by("on", "name")
        found = [{"on": row.on.isoformat(), "name": row.name, "value": row.value} for row in rows]
    if json:
        as_json(found)
        return
    for row in found:
        print(f"{row['on']}  {row['name']:<20} {row['value']}")


@app.command(
    help=say(
        "Compter maintenant ; --sizes : demander d’abord aux boîtes ce qu’elles contiennent.",
        "Count now; --sizes: ask first how much mailboxes hold.",
    )
)
def keep(
    with_sizes: Annotated[
        bool, typer.Option("--sizes", help=say("Les boîtes aussi", "Mailboxes too"))
    ] = False,
    json: AsJson = False,
) -> None:
    now, count = timezone.now(), 0
    with told():
        while with_sizes and (some := sizes.read_some(now, now)):
            count += some
        nightly.keep(now)
    if json:
        as_json({"mailboxes": count})
    else:
        print(say(f"Fait ; {count} boîtes mesurées.", f"Done; {count} mailboxes measured."))
