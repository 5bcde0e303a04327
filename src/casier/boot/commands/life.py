"""`./casier life`: who leaves and when, holds, what becomes of mailboxes, and the calendar of all that."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, OneAddress, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named, account_with, primary_address
from casier.directory.importing import parse_day
from casier.directory.models import Academy, Account
from casier.life import api
from casier.life.calendar import DAYS, Entry, calendar
from casier.life.clocks import day_of
from casier.life.models import Certificate
from casier.life.nightly import run_due
from casier.life.purging import purge as purge_now
from casier.life.showing import Way, way_of

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "La vie des comptes : départ, maintien, gel, fermeture, réouverture, effacement, calendrier.",
        "The life of accounts: leaving, staying, holds, closing, reopening, purge, calendar.",
    ),
)
Day = Annotated[
    str,
    typer.Option(
        "--last-day",
        metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
        help=say("Dernier jour de service (aujourd’hui sinon)", "Last day of service (else today)"),
    ),
]


@app.command(help=say("Montrer où en est un compte.", "Show where an account stands."))
def show(address: OneAddress, json: AsJson = False) -> None:
    with told():
        _print(account_with(address), json)


@app.command(
    help=say("Faire partir : le délai de la politique suit.", "Begin leaving, with the policy's grace.")
)
def leave(
    address: OneAddress,
    last_day: Day = "",
    closes: Annotated[
        str,
        typer.Option(
            "--closes",
            metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
            help=say("Jour de fermeture, dans ce délai", "The day it closes, within the grace"),
        ),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        account = account_with(address)
        api.begin_leaving(
            account, last_day=parse_day(last_day), closes_on=parse_day(closes), by=operator(),
            reason=reason, now=timezone.now(),
        )  # fmt: skip
        _print(account, json)


@app.command(help=say("Annuler un départ.", "Call a departure off."))
def stay(address: OneAddress, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        account = account_with(address)
        api.cancel_leaving(account, by=operator(), reason=reason, now=timezone.now())
        _print(account, json)


@app.command(
    help=say(
        "Dire ce que devient la boîte : fermée, redirigée (--to ADRESSE) ou transmise (--heir ADRESSE).",
        "Say what becomes of the mailbox: closed, led on (--to ADDRESS) or handed over (--heir ADDRESS).",
    )
)
def mailbox(
    address: OneAddress,
    to: Annotated[str, typer.Option("--to", help=say("Où va le courrier", "Where mail goes"))] = "",
    heir: Annotated[
        str,
        typer.Option("--heir", help=say("Qui le reçoit et lit la boîte", "Who gets it and reads the rest")),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        account = account_with(address)
        becomes = api.Becomes.HANDED if heir else api.Becomes.REDIRECTED if to else api.Becomes.CLOSED
        fate = api.Fate(becomes, to, account_with(heir) if heir else None)
        api.decide_mailbox(account, fate, by=operator(), reason=reason, now=timezone.now())
        _print(account, json)


@app.command(help=say("Geler : plus aucune échéance ne court.", "Hold: no deadline runs any more."))
def hold(
    address: OneAddress,
    kind: Annotated[
        api.HoldKind,
        typer.Option(
            "--kind", help=say("legal, medical (congé) ou other", "legal, medical (leave) or other")
        ),
    ] = api.HoldKind.OTHER,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar=say("JJ/MM/AAAA", "DD/MM/YYYY"),
            help=say("Dernier jour (sans : jusqu’à nouvel ordre)", "Last day (without: until lifted)"),
        ),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    with told():
        account = account_with(address)
        api.hold(account, kind, until=parse_day(until), by=operator(), reason=reason, now=timezone.now())
        _print(account, json)


@app.command(help=say("Lever tous les gels d’un compte.", "Lift every hold of an account."))
def lift(address: OneAddress, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        account = account_with(address)
        api.lift_all(account, by=operator(), reason=reason, now=timezone.now())
        _print(account, json)


@app.command(help=say("Fermer dès maintenant.", "Close now."))
def close(address: OneAddress, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        account = account_with(address)
        api.close(account, by=operator(), reason=reason, now=timezone.now())
        _print(account, json)


@app.command(help=say("Rouvrir un compte fermé.", "Open a closed account again."))
def reopen(address: OneAddress, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        account = account_with(address)
        api.reopen(account, by=operator(), reason=reason, now=timezone.now())
        _print(account, json)


@app.command(
    help=say(
        "Effacer, une fois le jour venu, et afficher le certificat.",
        "Erase, its day having come, and print the certificate.",
    )
)
def purge(address: OneAddress, reason: Reason = "", json: AsJson = False) -> None:
    with told():
        certificate = purge_now(account_with(address), by=operator(), reason=reason, now=timezone.now())
    values = certificate_facts(certificate)
    if json:
        as_json(values)
        return
    for name, value in values.items():
        print(f"{name:<12} {value}")


@app.command(
    "calendar", help=say("Ce qui arrivera dans les prochains jours.", "What happens in the days to come.")
)
def show_calendar(
    days: Annotated[int, typer.Option("--days", min=1, max=366)] = DAYS,
    academy: InAcademy = "",
    json: AsJson = False,
) -> None:
    with told():
        academies = [academy_named(academy)] if academy else list(Academy.objects.all())
        accounts = Account.objects.filter(academy__in=academies)
        entries = calendar(accounts, academies, day_of(timezone.now()), days)
    if json:
        as_json([entry_facts(entry) for entry in entries])
        return
    for entry in entries:
        day = entry.on.isoformat() if entry.on else "–"
        print(f"{day:<11} {entry.event.value:<10} {primary_address(entry.account)}  {entry.to}")


@app.command("run-due", help=say("Faire ce qui est dû aujourd’hui.", "Do what is due today."))
def run_due_now(json: AsJson = False) -> None:
    with told():
        count = run_due(timezone.now())
    if json:
        as_json({"accounts": count})
    else:
        print(count)


def facts(way: Way) -> dict[str, Any]:
    """What a program reads of WAY."""
    row = way.departure
    return {
        "account": way.account.public_id,
        "address": primary_address(way.account),
        "state": str(way.account.state),
        "lastDay": _day(row.last_day if row else None),
        "closesOn": _day(way.closes_on),
        "purgesOn": _day(way.purges_on),
        "mailbox": str(row.becomes) if row else "",
        "redirectTo": row.redirect_to if row else "",
        "handedTo": primary_address(row.handed_to) if row and row.handed_to else "",
        "stranded": way.stranded,
        "by": row.by if row else "",
        "reason": row.reason if row else "",
        "held": way.held,
        "holds": [
            {
                "kind": str(hold.kind),
                "from": _day(hold.starts_on),
                "until": _day(hold.until),
                "reason": hold.reason,
            }
            for hold in way.holds
        ],
        "certificate": certificate_facts(way.certificate) if way.certificate else None,
    }


def certificate_facts(row: Certificate) -> dict[str, Any]:
    """A certificate of purge."""
    return {
        "id": row.id.hex,
        "at": row.at.isoformat(),
        "by": row.by,
        "removed": row.removed,
        "found": row.found,
        "digest": row.digest,
    }


def entry_facts(entry: Entry) -> dict[str, Any]:
    """A line of the calendar."""
    return {
        "on": _day(entry.on),
        "event": entry.event.value,
        "account": entry.account.public_id,
        "address": primary_address(entry.account),
        "name": entry.account.person.full_name,
        "academy": entry.account.academy.slug,
        "mailbox": entry.becomes,
        "to": entry.to,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _print(account: Account, json: bool) -> None:
    account.refresh_from_db()
    values = facts(way_of(account, timezone.now()))
    if json:
        as_json(values)
        return
    for name, value in values.items():
        if value not in (None, "", [], False):
            print(f"{name:<12} {value}")
