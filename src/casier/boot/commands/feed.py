"""`./casier feed`: the academy's feed, looked at, applied, undone; the doubts that somebody settles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from casier.boot.commands.feeding import showing
from casier.boot.commands.feeding.working import (
    LINES_TO_LOOK_AT,
    STOPPED,
    applied,
    looked_at,
    opened_run,
    undone,
)
from casier.boot.commands.speaking import (
    REFUSED,
    UNAVAILABLE,
    AsJson,
    InAcademy,
    Reason,
    complain,
    operator,
    told,
)
from casier.boot.words import english, say
from casier.directory.access import academy_named
from casier.directory.errors import NotFound
from casier.directory.models import Person
from casier.feed import words
from casier.feed.actions import decide
from casier.feed.ages import overtaken
from casier.feed.clock import Clock
from casier.feed.errors import NotTheLast, Overtaken, ReasonWanted, TooManyLeave, WrongRunState
from casier.feed.holding import AtWork
from casier.feed.models import ReviewItem, ReviewState, Run, RunState, Verb
from casier.feed.opening import Asked
from casier.feed.reading.columns import PEOPLE, SCHOOLS
from casier.feed.records import BadFeed

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "L’import de l’annuaire : regarder ce qu’il ferait, l’appliquer, l’annuler. Un import ne change rien "
        "sans --apply. Codes de sortie : 0 tout va bien, 1 impossible, 3 arrêté car trop de personnes "
        "partiraient ou car les fichiers sont plus anciens que l’import appliqué, "
        "4 fait mais des lignes sont refusées, à vérifier ou non faites, 75 quelqu’un y travaille.",
        "The directory's feed: look at what it would do, apply it, undo it. An import changes nothing "
        "without --apply. Exit codes: 0 all is well, 1 impossible, 3 stopped because too many would leave "
        "or the files are older than those applied, 4 done but lines are refused, to be reviewed or not "
        "done, 75 somebody is at work on it.",
    ),
)


def _one_of(*words: str) -> Callable[[str], str]:
    def checked(value: str) -> str:
        if value and value not in words:
            raise typer.BadParameter(say("un mot parmi : ", "one of: ") + ", ".join(words))
        return value

    return checked


OneRun = Annotated[
    int, typer.Argument(metavar=say("NUMÉRO", "RUN"), help=say("Le numéro de l’import", "The run’s number"))
]
Allow = Annotated[
    int | None,
    typer.Option(
        "--allow-leaving",
        min=0,
        metavar=say("NOMBRE", "NUMBER"),
        help=say(
            "Laisser partir jusqu’à ce nombre de personnes, après avoir regardé",
            "Let up to so many people leave, having looked",
        ),
    ),
]


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except BadFeed as error:
        complain(showing.fault(error))
        raise typer.Exit(REFUSED) from error
    except ReasonWanted as error:
        complain(
            say("Il faut un motif : ajoutez --reason « … ».", "Say why: add --reason …") + f" [{error.code}]"
        )
        raise typer.Exit(REFUSED) from error
    except TooManyLeave as error:
        run, count = error.facts["run"], error.facts["count"]
        complain(words.told(str(error.facts["what"]), error.facts, english=english()))
        look = f"./casier feed show {run} --verb leave"
        go_on = f"./casier feed apply {run} --allow-leaving {count} --reason …"
        complain(
            say(
                f"Regardez-les : {look}. Si c’est juste : {go_on}",
                f"Look at them: {look}. If this is right: {go_on}",
            )
        )
        raise typer.Exit(STOPPED) from error
    except AtWork as error:
        until = error.facts["until"]
        complain(
            say(
                f"Quelqu’un travaille à cet import ; s’il s’est arrêté, réessayez après {until}.",
                f"Somebody works on this run; if they died, try again after {until}.",
            )
        )
        raise typer.Exit(UNAVAILABLE) from error
    except (Overtaken, NotTheLast, WrongRunState) as error:
        complain(_state_words(error))
        raise typer.Exit(REFUSED) from error


def _state_words(error: Overtaken | NotTheLast | WrongRunState) -> str:
    run = error.facts.get("run", "")
    if isinstance(error, Overtaken):
        return say(
            f"L’import {run} a été appliqué depuis : relancez-le.",
            f"Run {run} was applied since: look again.",
        )
    if isinstance(error, NotTheLast):
        return say(
            f"Seul le dernier import appliqué peut être annulé : c’est le {run}.",
            f"Only the last run that was applied can be undone: {run}.",
        )
    state = words.STATES[str(error.facts["state"])][int(english())]
    return say(f"Impossible : l’import {run} est {state}.", f"Impossible: run {run} is {state}.").replace(
        "  ", " "
    )


@app.command(
    "import",
    help=say(
        "Lire des fichiers AAF (XML, dossier, zip, tar) ou un CSV, et dire ce qui changerait, ligne à ligne. "
        "Exemples : feed import /srv/aaf/2026-09-01 --academy rouen ; "
        "feed import numen.csv --academy rouen --mapping numen=NUMEN --mapping key=Jointure --reason « "
        "NUMEN » --apply",
        "Read AAF files (XML, folder, zip, tar) or a CSV, and tell what would change, line by line. "
        "Examples: feed import /srv/aaf/2026-09-01 --academy rouen; "
        "feed import numen.csv --academy rouen --mapping numen=NUMEN --mapping key=Jointure --reason NUMEN "
        "--apply",
    ),
)
def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar=say("CHEMIN…", "PATH…"), help=say("Fichiers ou dossiers", "Files or folders")),
    ],
    academy: Annotated[
        str, typer.Option("--academy", help=say("Nom court de l’académie", "Short name of the academy"))
    ],
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            help=say(
                "Motif, inscrit au journal ; les noms des fichiers si rien n’est dit",
                "Reason, written in the journal; the files’ names where nothing is said",
            ),
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help=say("Appliquer aussitôt, sans montrer d’abord", "Apply at once"))
    ] = False,
    complete: Annotated[
        bool | None,
        typer.Option(
            "--complete/--partial",
            help=say(
                "Les fichiers nomment tout le monde : qui n’y est pas s’en va. AAF : d’après les noms ; "
                "CSV : non, sauf --complete",
                "The files name everybody: who isn't in them leaves. AAF: told by the names; CSV: no, but "
                "--complete",
            ),
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--mapping",
            metavar="CHAMP=COLONNE",
            help=say(
                "CSV : quelle colonne est quoi ; retenu ensuite", "CSV: which column is what; remembered"
            ),
        ),
    ] = None,
    holds: Annotated[
        str,
        typer.Option(
            "--holds",
            callback=_one_of(PEOPLE, SCHOOLS),
            metavar="people|schools",
            help=say("CSV : ce que sont les lignes", "CSV: what the lines are"),
        ),
    ] = "",
    allow_leaving: Allow = None,
    json: AsJson = False,
) -> None:
    with told(), _in_words():
        owner = academy_named(academy)
        asked = Asked(complete, _mapping(mapping), holds)
        why = ", ".join(path.name for path in paths) if reason is None else reason
        reader, run = opened_run(paths, owner, asked, operator(), why)
        run = looked_at(run, reader, quiet=json)
        older = overtaken(run) if apply else None
        if apply and not older:
            run = applied(run, operator(), why, allow_leaving, quiet=json)
        showing.show(run, json=json)
    if older:
        raise typer.Exit(STOPPED)
    _leave(run)


def _mapping(pairs: list[str] | None) -> dict[str, str] | None:
    if not pairs:
        return None
    found = dict(pair.partition("=")[::2] for pair in pairs)
    if not all(found.values()):
        raise typer.BadParameter(say("--mapping s’écrit champ=colonne", "--mapping is written field=column"))
    return found


def _leave(run: Run) -> None:
    """The exit code that the run's state asks for."""
    if run.state == RunState.STOPPED:
        raise typer.Exit(STOPPED)
    counts = run.counts
    if showing.not_done(run) or any(
        counts.get(f"{subject}.{verb}")
        for subject in ("person", "school", "record")
        for verb in ("refuse", "review")
    ):
        raise typer.Exit(LINES_TO_LOOK_AT)


@app.command(
    "apply",
    help=say(
        "Appliquer un import déjà regardé, ou reprendre celui qui s’est arrêté en chemin. "
        "Exemple : feed apply 12 --reason « rentrée »",
        "Apply a run that was looked at, or take up one that was cut short. Example: feed apply 12 "
        "--reason …",
    ),
)
def apply_run(run: OneRun, reason: Reason = "", allow_leaving: Allow = None, json: AsJson = False) -> None:
    with told(), _in_words():
        done = applied(_run(run), operator(), reason, allow_leaving, quiet=json)
        showing.show(done, json=json)
    _leave(done)


@app.command("runs", help=say("Les imports, le dernier d’abord.", "The runs, the latest first."))
def list_runs(academy: InAcademy = "", json: AsJson = False) -> None:
    with told():
        runs = Run.objects.select_related("academy").order_by("-pk")
        chosen = runs.filter(academy=academy_named(academy)) if academy else runs
        showing.listed(list(chosen[:50]), json=json)


@app.command(
    "show",
    help=say(
        "Ce qu’un import ferait ou a fait, ligne à ligne. Exemple : feed show 12 --verb refuse",
        "What a run would do or did, line by line. Example: feed show 12 --verb refuse",
    ),
)
def show_run(
    run: OneRun,
    verb: Annotated[
        str,
        typer.Option(
            "--verb",
            callback=_one_of(*Verb),
            metavar="|".join(Verb),
            help=say("Seulement ces lignes", "Only these lines"),
        ),
    ] = "",
    limit: Annotated[
        int, typer.Option("--limit", min=0, help=say("Lignes montrées ; 0 : toutes", "Lines shown; 0: all"))
    ] = 100,
    json: AsJson = False,
) -> None:
    with told():
        showing.show(_run(run), verb=verb, limit=limit, json=json)


@app.command(
    "undo",
    help=say(
        "Annuler le dernier import appliqué : ce que personne n’a utilisé s’en va, ce que personne n’a "
        "modifié "
        "redevient comme avant, le reste est dit. Exemple : feed undo 12 --reason « mauvais fichier »",
        "Undo the last run applied: what nobody used goes, what nobody changed is put back, the rest is "
        "told. "
        'Example: feed undo 12 --reason "wrong file"',
    ),
)
def undo_run(run: OneRun, reason: Reason = "", json: AsJson = False) -> None:
    with told(), _in_words():
        showing.show(undone(_run(run), operator(), reason, quiet=json), json=json)


@app.command(
    "review",
    help=say(
        "Les personnes que l’import ne reconnaît pas avec certitude ; ou en trancher une, ce qui est retenu. "
        "Exemples : feed review ; feed review 7 --same 4211 --reason « vérifié » ; feed review 7 --another "
        "--reason …",
        "People whom the feed doesn't recognise for certain; or settle one, which is remembered. "
        'Examples: feed review; feed review 7 --same 4211 --reason "looked"; feed review 7 --another '
        "--reason …",
    ),
)
def review(
    item: Annotated[int | None, typer.Argument(metavar=say("[NUMÉRO]", "[ITEM]"))] = None,
    same: Annotated[
        int | None, typer.Option("--same", help=say("C’est cette personne", "It is this person"))
    ] = None,
    another: Annotated[
        bool, typer.Option("--another", help=say("C’est quelqu’un d’autre", "It is somebody else"))
    ] = False,
    academy: InAcademy = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told(), _in_words():
        if item is not None and (same is not None) != another:
            _settle(item, same, reason)
        elif item is not None:
            raise typer.BadParameter(
                say("Dites --same PERSONNE ou --another", "Say --same PERSON or --another")
            )
        waiting = ReviewItem.objects.filter(state=ReviewState.OPEN).order_by("pk")
        chosen = waiting.filter(academy=academy_named(academy)) if academy else waiting
        showing.doubts(list(chosen), json=json)


def _settle(number: int, same: int | None, reason: str) -> None:
    found = ReviewItem.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(f"No doubt has the number {number}.", item=number)
    person = Person.objects.filter(pk=same).first() if same is not None else None
    if same is not None and person is None:
        raise NotFound(f"No person has the number {same}.", person=same)
    decide(found, person, by=operator(), reason=reason, clock=Clock())


def _run(number: int) -> Run:
    found = Run.objects.select_related("academy").filter(pk=number).first()
    if found is None:
        raise NotFound(f"No run has the number {number}.", run=number)
    return found
