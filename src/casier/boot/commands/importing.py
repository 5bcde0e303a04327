"""`./casier account import`: the report line by line, the progress, the exit code."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import typer
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from casier.boot.commands.refusals import words_for
from casier.boot.commands.speaking import REFUSED, as_json, complain, operator
from casier.boot.words import say
from casier.directory import actions
from casier.directory.access import academy_named, primary_address
from casier.directory.importing import Line, Preview, read_accounts
from casier.directory.models import Academy, Account
from casier.kernel.errors import CasierError

CHUNK = 50
# Nothing new for so long: the worker is not running, or the store is down; the outbox keeps the work.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line."""

    academy: str
    dry_run: bool
    wait: bool
    reason: str
    json: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line."""

    line: Line
    state: str  # created, would_create, known, problem
    detail: str = ""
    account: Account | None = None


def run(content: bytes, options: Options) -> int:
    """Import; 0 when every line was understood, 1 when one was not."""
    academy = _academy(options.academy)
    lines = list(read_accounts(content, academy))
    with _bar() as bar:
        outcomes = (
            _preview(academy, lines) if options.dry_run else _create_all(academy, lines, options.reason, bar)
        )
        made = [outcome.account for outcome in outcomes if outcome.account]
        if made and options.wait:
            _wait(made, bar)
    _report(sorted(outcomes, key=lambda outcome: outcome.line.number), options.json)
    return REFUSED if any(outcome.state == "problem" for outcome in outcomes) else 0


def _academy(slug: str) -> Academy:
    if slug:
        return academy_named(slug)
    if Academy.objects.count() != 1:
        complain(say("Précisez l’académie par --academy.", "Name the academy with --academy."))
        raise typer.Exit(2)
    return Academy.objects.get()


def _preview(academy: Academy, lines: Iterable[Line]) -> list[Outcome]:
    preview = Preview(academy, timezone.now())
    return [_settled(line) or _foreseen(line, preview) for line in lines]


def _foreseen(line: Line, preview: Preview) -> Outcome:
    obstacle = preview.obstacle(line.new) if line.new else None
    return Outcome(line, "problem", words_for(obstacle)) if obstacle else Outcome(line, "would_create")


def _settled(line: Line) -> Outcome | None:
    """The outcome of a line that there is nothing to make from."""
    if line.known:
        return Outcome(line, "known")
    return Outcome(line, "problem", words_for(line.problem)) if line.problem else None


def _create_all(academy: Academy, lines: Sequence[Line], reason: str, bar: Progress) -> list[Outcome]:
    outcomes = [settled for line in lines if (settled := _settled(line))]
    new = [line for line in lines if line.new]
    task = bar.add_task(say("Comptes", "Accounts"), total=len(new))
    for start in range(0, len(new), CHUNK):
        chunk = new[start : start + CHUNK]
        outcomes += _create_chunk(academy, chunk, reason)
        bar.advance(task, len(chunk))
    return outcomes


def _create_chunk(academy: Academy, chunk: Sequence[Line], reason: str) -> list[Outcome]:
    """All at once; when one is refused, one by one, so that the others aren't lost."""
    try:
        accounts = actions.create_accounts(
            academy,
            [line.new for line in chunk if line.new],
            by=operator(),
            reason=reason,
            now=timezone.now(),
        )
    except CasierError as error:
        if len(chunk) == 1:
            return [Outcome(chunk[0], "problem", words_for(error))]
        return [outcome for line in chunk for outcome in _create_chunk(academy, [line], reason)]
    return [
        Outcome(line, "created", primary_address(account), account)
        for line, account in zip(chunk, accounts, strict=True)
    ]


def _wait(accounts: Sequence[Account], bar: Progress) -> None:
    """Show the mailboxes coming into being; stop watching when nothing moves any more."""
    ids = [account.pk for account in accounts]
    task = bar.add_task(say("Boîtes", "Mailboxes"), total=len(ids))
    done, moved = 0, time.monotonic()
    while done < len(ids) and time.monotonic() - moved < PATIENCE_SECONDS:
        now = sum(
            Account.objects.filter(pk__in=ids[start : start + 500]).exclude(provisioned_at=None).count()
            for start in range(0, len(ids), 500)
        )
        if now > done:
            done, moved = now, time.monotonic()
            bar.update(task, completed=done)
        time.sleep(0.25)
    if done < len(ids):
        rest = len(ids) - done
        complain(
            say(
                f"{rest} boîtes restent à créer : le service « worker » s’en charge dès qu’il tourne.",
                f"{rest} mailboxes are still to be made: the worker does it as soon as it runs.",
            )
        )


def _report(outcomes: Sequence[Outcome], json: bool) -> None:
    if json:
        as_json(
            [
                {"line": item.line.number, "name": item.line.name, "state": item.state, "detail": item.detail}
                for item in outcomes
            ]
        )
        return
    for item in outcomes:
        print(f"{item.line.number:>6}  {_words(item.state):<14} {item.line.name:<36} {item.detail}")


def _words(state: str) -> str:
    return {
        "created": say("créé", "created"),
        "would_create": say("serait créé", "to create"),
        "known": say("déjà là", "already there"),
        "problem": say("refusé", "refused"),
    }[state]


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    from rich.console import Console

    return Progress(*columns, console=Console(file=sys.stderr))
