"""`./casier mail`: mail that comes in from files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from casier.audit.api import Actor, record
from casier.directory.access import journal_name, owner_with
from casier.directory.models import Account, FunctionalMailbox
from casier.edge.tokens import Tokens
from casier.engines.clamav.clamd import Clamd
from casier.kernel.errors import CasierError, Unavailable
from casier.kernel.instance import Instance, Port
from casier.kernel.words import say
from casier.mailbox.arrivals.api import vouch_for
from casier.mailbox.importing import sources, words
from casier.mailbox.importing.appending import StoreConnection
from casier.mailbox.importing.run import Import, Report, Ways

STOPPED, LEFT_OUT = 3, 2
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Courrier : importer des fichiers.", "Mail: import files."),
)


@app.callback()
def _group() -> None:
    pass


@app.command(
    "import",
    help=say(
        "Importer du courrier dans une boîte, analysé par l’antivirus, avec dates, marques et dossiers. "
        "Lancée une seconde fois, la commande n’importe rien de plus. Code 2 : il reste des messages.\n\n"
        "Exemple : mail import jean.martin@ac-rouen.fr archives.mbox ~/Maildir --folder Reprise --dry-run",
        "Import mail into a mailbox, scanned by the antivirus, with dates, flags and folders. "
        "Run a second time, the command imports nothing more. Exit code 2: messages were left out.\n\n"
        "Example: mail import jean.martin@ac-rouen.fr archives.mbox ~/Maildir --folder Reprise --dry-run",
    ),
)
def import_mail(
    address: Annotated[
        str,
        typer.Argument(
            metavar=say("ADRESSE", "ADDRESS"),
            help=say("L’adresse de la boîte qui reçoit", "The address of the mailbox that receives"),
        ),
    ],
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar=say("FICHIER", "FILE"),
            help=say("mbox, Maildir, .eml, dossier ou zip", "mbox, Maildir, .eml, a folder or a zip"),
        ),
    ],
    folder: Annotated[
        str,
        typer.Option(
            metavar=say("DOSSIER", "FOLDER"),
            help=say("Tout mettre sous ce dossier de la boîte", "Put it all below this folder"),
        ),
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help=say("Dire seulement ce qui serait fait", "Only tell what would be done")
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("Réponse en JSON", "Answer in JSON"))] = False,
) -> None:
    instance = Instance.load()
    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    try:
        owner = owner_with(address)
        with _progress(console, sources.size(paths)) as (shown, follow):
            run = Import(_ways(instance, owner.mailbox_key), shown)
            report = run.run(follow(sources.read(paths, folder)), dry_run)
    except Unavailable as error:
        console.print(words.stopped(error), markup=False)
        raise typer.Exit(STOPPED) from None
    except CasierError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(1) from None
    if not dry_run and report.imported:
        _note(Actor.at_terminal(), owner, report)
    _show(console, report, dry_run, as_json)
    raise typer.Exit(LEFT_OUT if report.left_out else 0)


def _ways(instance: Instance, key: str) -> Ways:
    tokens, port = Tokens(instance.key("token")), instance.port(Port.STORE_IMAP)
    return Ways(
        store=lambda: StoreConnection(port, key, tokens.make(key, time.time())),
        scanner=lambda: Clamd(instance.socket("clamav", "rspamd", "clamd.sock")),
        now=timezone.now(),
        vouch=vouch_for(key),
    )


def _note(by: Actor, owner: Account | FunctionalMailbox, report: Report) -> None:
    with transaction.atomic():
        record(
            by, "mail.imported", journal_name(owner), "import", academy=owner.academy.slug, at=timezone.now(),
            imported=report.imported, known=report.known, left_out=len(report.left_out),
        )  # fmt: skip


@contextmanager
def _progress(console: Console, total: int) -> Iterator[tuple[Any, Any]]:
    """A bar by octets read, with counts; on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=max(total, 1))

        def shown(report: Report) -> None:
            bar.update(task, description=words.counts(report))

        yield shown, lambda found: _advance(bar, task, found)


def _advance(bar: Progress, task: TaskID, found: Iterator[Any]) -> Iterator[Any]:
    for item in found:
        bar.advance(task, len(getattr(item, "content", b"")))
        yield item


def _show(console: Console, report: Report, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_facts(report, dry_run), ensure_ascii=False, indent=2))
        return
    for line in words.lines(report, dry_run):
        console.print(line, markup=False)


def _facts(report: Report, dry_run: bool) -> dict[str, Any]:
    return {
        "dryRun": dry_run,
        "imported": report.imported,
        "known": report.known,
        "octets": report.octets,
        "folders": dict(report.folders.most_common()),
        "repairs": dict(report.repairs.most_common()),
        "leftOut": [
            {
                "file": one.origin.path,
                "position": one.origin.position,
                "reason": one.reason,
                "detail": one.detail,
            }
            for one in report.left_out
        ],
    }
