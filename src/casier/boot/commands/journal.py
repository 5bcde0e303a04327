"""`./casier journal`: who did what to whom, and whether anybody touched what was written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.api import (
    Break,
    Query,
    Recorded,
    against,
    check,
    export,
    public_key,
    recent,
    record,
    seals_folder,
    search,
    verify,
    without_facts,
)
from casier.audit.french import in_french
from casier.boot.commands.speaking import REFUSED, AsJson, Reason, as_json, complain, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named, journal_name, owner_with
from casier.directory.errors import AlreadyThere
from casier.directory.importing import parse_day

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Le journal : qui a fait quoi, à qui, quand, d’où et pourquoi.",
        "The journal: who did what, to whom, when, from where and why.",
    ),
)


@app.command(
    "list",
    help=say(
        "Montrer les derniers faits, le plus récent en bas. "
        "Exemple : journal list --target jean.martin@ac-rouen.fr -n 20",
        "Show the last entries, the latest at the bottom. "
        "Example: journal list --target jean.martin@ac-rouen.fr -n 20",
    ),
)
def list_entries(
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar=say("ADRESSE|TYPE:ID", "ADDRESS|KIND:ID"),
            help=say(
                "Une adresse, ou account:…, functional:…, academy:…, school:…",
                "An address, or account:…, functional:…, academy:…, school:…",
            ),
        ),
    ] = "",
    number: Annotated[int, typer.Option("-n", "--number", min=1, help=say("Combien", "How many"))] = 50,
    json: AsJson = False,
) -> None:
    with told():
        entries = recent(number, _target(target) if target else "")
    if json:
        as_json([_facts(entry) for entry in entries])
        return
    for entry in entries:
        print(_line(entry))


@app.command(
    "verify",
    help=say(
        "Vérifier les sceaux : chaque fait modifié, ajouté ou retiré après coup est dit (code 1).",
        "Verify the seals: each entry changed, added or taken away afterwards is told (exit code 1).",
    ),
)
def verify_seals(json: AsJson = False) -> None:
    with told():
        found, erased = list(verify(seals_folder(settings.CASIER_INSTANCE))), without_facts()
    if json:
        breaks = [asdict(one) for one in found]
        as_json({"sound": not found, "breaks": breaks, "withoutFacts": erased})
    else:
        for one in found:
            complain(_words(one))
        if not found:
            print(say("Le journal est intact.", "The journal is sound."))
        if erased:
            complain(
                say(
                    f"{erased} faits n’ont plus leurs détails, comme après un effacement : "
                    "journal search --action person.erased",
                    f"{erased} entries no longer have their details, as after an erasure: "
                    "journal search --action person.erased",
                )
            )
    raise typer.Exit(REFUSED if found else 0)


Who = Annotated[
    str,
    typer.Option(
        "--actor",
        metavar=say("ADRESSE|TYPE:ID", "ADDRESS|KIND:ID"),
        help=say("Qui a agi", "Who acted"),
    ),
]
Whom = Annotated[
    str,
    typer.Option(
        "--target",
        metavar=say("ADRESSE|TYPE:ID", "ADDRESS|KIND:ID"),
        help=say("Sur qui ou sur quoi", "To whom or to what"),
    ),
]
About = Annotated[
    str,
    typer.Option(
        "--about",
        metavar=say("ADRESSE|TYPE:ID", "ADDRESS|KIND:ID"),
        help=say("Qui a agi ou sur qui : tout ce qui concerne", "Who acted or to whom: all that concerns"),
    ),
]
What = Annotated[
    str,
    typer.Option(
        "--action",
        help=say(
            "L’acte, ou son début avec un point : account.", "The act, or its beginning with a dot: account."
        ),
    ),
]
Text = Annotated[str, typer.Option("--text", help=say("Mots du motif", "Words of the reason"))]
Since = Annotated[
    str, typer.Option("--since", metavar="AAAA-MM-JJ", help=say("Depuis ce jour", "From this day on"))
]
Until = Annotated[
    str,
    typer.Option(
        "--until", metavar="AAAA-MM-JJ", help=say("Jusqu’à ce jour compris", "Up to and with this day")
    ),
]
Academy = Annotated[
    str, typer.Option("--academy", help=say("Cette académie (nom court)", "This academy (short name)"))
]


@app.command(
    "search",
    help=say(
        "Chercher dans le journal, le plus récent en haut. "
        "Exemple : journal search --about jean.martin@ac-rouen.fr --action account. --since 2026-09-01",
        "Search the journal, the latest on top. "
        "Example: journal search --about jean.martin@ac-rouen.fr --action account. --since 2026-09-01",
    ),
)
def search_entries(
    actor: Who = "",
    target: Whom = "",
    about: About = "",
    action: What = "",
    text: Text = "",
    academy: Academy = "",
    since: Since = "",
    until: Until = "",
    number: Annotated[
        int, typer.Option("-n", "--number", min=1, max=500, help=say("Combien", "How many"))
    ] = 50,
    before: Annotated[
        int | None,
        typer.Option(
            "--before", help=say("Page suivante : avant ce numéro", "Next page: before this number")
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    with told():
        page = search(_query(actor, target, about, action, text, academy, since, until), number, before)
    if json:
        as_json({"entries": [_facts(entry) for entry in page.entries], "older": page.older})
        return
    for entry in page.entries:
        print(_line(entry))
    if page.older is not None:
        complain(say(f"La suite : --before {page.older}", f"What is older: --before {page.older}"))


@app.command(
    "export",
    help=say(
        "Écrire une partie du journal dans un fichier signé, pour le délégué à la protection des données, "
        "un audit, la justice. L’export est lui-même inscrit au journal. La clé affichée se donne à part "
        "du fichier.",
        "Write a part of the journal to a signed file, for the data protection officer, an audit, a court. "
        "The export is written in the journal, too. The key that is shown is given apart from the file.",
    ),
)
def export_entries(
    file: Annotated[Path, typer.Argument(metavar=say("FICHIER", "FILE"), dir_okay=False)],
    reason: Reason,
    actor: Who = "",
    target: Whom = "",
    about: About = "",
    action: What = "",
    text: Text = "",
    academy: Academy = "",
    since: Since = "",
    until: Until = "",
    json: AsJson = False,
) -> None:
    by, now = operator(), timezone.now()
    with told():
        query = _query(actor, target, about, action, text, academy, since, until)
        _begin(file)
        with transaction.atomic():
            record(
                by,
                "journal.exported",
                f"academy:{academy}" if academy else "journal",
                reason,
                academy=academy,
            )
        key = settings.CASIER_INSTANCE.key("journal")
        done = export(file, query, by=by, reason=reason, now=now, key=key)
    if json:
        as_json({**asdict(done), "path": str(done.path)})
        return
    print(
        say(f"{done.entries} faits écrits dans {done.path}", f"{done.entries} entries written to {done.path}")
    )
    print(say(f"Clé publique : {done.key}", f"Public key: {done.key}"))


def _begin(file: Path) -> None:
    """Make the file: the journal tells of no export that can't be written. Raises AlreadyThere."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise AlreadyThere(f"{file} is there already.", file=str(file)) from error
    except OSError as error:
        complain(
            say(
                f"{file} : {error.strerror}. La commande écrit avec l’utilisateur de la plateforme : "
                "choisissez un dossier qui lui est ouvert.",
                f"{file}: {error.strerror}. The command writes as the platform’s user: choose a folder "
                "that is open to it.",
            )
        )
        raise typer.Exit(REFUSED) from error


@app.command(
    "check",
    help=say(
        "Dire si un fichier exporté est intact et signé, et si le journal est toujours celui dont il vient.",
        "Tell whether an exported file is whole and signed, and whether the journal still is the one it "
        "came from.",
    ),
)
def check_export(
    file: Annotated[Path, typer.Argument(metavar=say("FICHIER", "FILE"), exists=True, dir_okay=False)],
    key: Annotated[
        str, typer.Option("--key", help=say("La clé publique donnée à part", "The public key given apart"))
    ] = "",
    json: AsJson = False,
) -> None:
    with told():
        wrong = list(check(file, key or public_key(settings.CASIER_INSTANCE.key("journal"))))
        rewritten = list(against(file))
    if json:
        as_json({"sound": not wrong and not rewritten, "file": wrong, "journal": rewritten})
    else:
        for one in wrong:
            complain(say(f"Le fichier : {in_french(one)}", f"The file: {one}"))
        for one in rewritten:
            complain(say(f"Le journal : {in_french(one)}", f"The journal: {one}"))
        if not wrong and not rewritten:
            print(
                say(
                    "Le fichier est intact, et le journal aussi.", "The file is whole, and so is the journal."
                )
            )
    raise typer.Exit(REFUSED if wrong or rewritten else 0)


def _query(
    actor: str, target: str, about: str, action: str, text: str, academy: str, since: str, until: str
) -> Query:
    end = _midnight(until)
    return Query(
        actor=_target(actor),
        target=_target(target),
        about=_target(about),
        action=action,
        text=text,
        since=_midnight(since),
        until=end + timedelta(days=1) if end else None,
        academies=(academy_named(academy).slug,) if academy else None,
    )


def _midnight(text: str) -> datetime | None:
    """The beginning of the day TEXT (2026-09-01 or 01/09/2026), here; None for "". Raises BadDay."""
    day = parse_day(text)
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def _target(text: str) -> str:
    """What TEXT names, as the journal writes it. Raises NotFound."""
    if "@" not in text:
        return text
    return journal_name(owner_with(text))


def _facts(entry: Recorded) -> dict[str, Any]:
    return {**asdict(entry), "at": entry.at.isoformat(timespec="seconds")}


def _line(entry: Recorded) -> str:
    at = timezone.localtime(entry.at)
    about = entry.facts.get("address") or entry.facts.get("name") or ""
    reason = f"« {entry.reason} »" if entry.reason else ""
    words = (f"{at:%Y-%m-%d %H:%M:%S}", f"{entry.action:<24}", entry.target, str(about), entry.actor, reason)
    return "  ".join(word for word in words if word)


def _words(one: Break) -> str:
    place = say(f"Lot {one.batch}", f"Batch {one.batch}")
    if one.entry:
        place += say(f", fait {one.entry}", f", entry {one.entry}")
    return place + say(" : ", ": ") + say(in_french(one.problem), one.problem)
