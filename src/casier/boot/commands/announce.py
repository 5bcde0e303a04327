"""`./casier announce`: what the IT department tells above the mail."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named
from casier.kernel.errors import CasierError
from casier.mailbox.announcements import actions
from casier.mailbox.announcements.models import Announcement, Level

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Les annonces et alertes affichées en haut du courrier. Une alerte critique ne se ferme pas.",
        "Announcements and alerts shown above the mail. A critical alert can’t be closed.",
    ),
)
_LEVELS = {"information": Level.INFORMATION, "avertissement": Level.WARNING, "critique": Level.CRITICAL}
_LEVELS |= {"warning": Level.WARNING, "critical": Level.CRITICAL}


class BadMoment(CasierError):
    """Not a date with an hour."""

    code = "bad_moment"


@app.command(
    help=say(
        "Annoncer. Exemple : announce create --academy rouen --level avertissement "
        "--fr 'Maintenance ce soir de 20 h à 22 h.' --en 'Maintenance tonight, 8 to 10 pm.' "
        "--until '2026-12-01 22:00'",
        "Announce. Example: announce create --academy rouen --level warning "
        "--fr 'Maintenance ce soir de 20 h à 22 h.' --en 'Maintenance tonight, 8 to 10 pm.' "
        "--until '2026-12-01 22:00'",
    )
)
def create(
    academy: Annotated[str, typer.Option(help=say("Nom court de l’académie", "Short name of the academy"))],
    french: Annotated[
        str,
        typer.Option(
            "--fr", metavar=say("TEXTE", "TEXT"), help=say("Le texte en français", "The text in French")
        ),
    ],
    in_english: Annotated[
        str,
        typer.Option(
            "--en", metavar=say("TEXTE", "TEXT"), help=say("Le texte en anglais", "The text in English")
        ),
    ],
    level: Annotated[
        str,
        typer.Option(
            metavar=say("NIVEAU", "LEVEL"),
            help=say("information, avertissement ou critique", "information, warning or critical"),
        ),
    ] = "information",
    school: Annotated[
        list[str] | None,
        typer.Option(metavar="UAI", help=say("Seulement cet établissement", "Only this school")),
    ] = None,
    function: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help=say("Seulement cette fonction", "Only this function")),
    ] = None,
    group: Annotated[
        str,
        typer.Option(
            metavar=say("GROUPE", "GROUP"),
            help=say("Seulement les membres de ce groupe", "Only the members of this group"),
        ),
    ] = "",
    since: Annotated[
        str,
        typer.Option(
            "--from",
            metavar=say("MOMENT", "MOMENT"),
            help=say("À partir de (heure de Paris) ; sinon maintenant", "From then (Paris time); else now"),
        ),
    ] = "",
    until: Annotated[
        str,
        typer.Option(
            metavar=say("MOMENT", "MOMENT"),
            help=say("Jusqu’à ; sinon jusqu’à son retrait", "Until then; else until it is withdrawn"),
        ),
    ] = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        if level.lower() not in _LEVELS:
            raise actions.BadAnnouncement("The level is information, warning or critical.", level=level)
        new = actions.NewAnnouncement(
            level=_LEVELS[level.lower()],
            french=french,
            english=in_english,
            starts_at=_moment(since) if since else now,
            ends_at=_moment(until) if until else None,
            schools=tuple(school or ()),
            functions=tuple(function or ()),
            group=group,
        )
        row = actions.announce(academy_named(academy), new, by=operator(), reason=reason, now=now)
    if json:
        as_json(_facts(row, now))
    else:
        print(row.id.hex)


@app.command(
    "list", help=say("Lister les annonces, la plus récente en haut.", "List them, the latest first.")
)
def list_announcements(
    academy: InAcademy = "",
    past: Annotated[
        bool, typer.Option("--past", help=say("Aussi ce qui est fini", "Also what is over"))
    ] = False,
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        rows = actions.announcements_of(academy_named(academy) if academy else None)
    facts = [_facts(row, now) for row in rows]
    shown = [fact for fact in facts if past or fact["state"] in {"shown", "planned"}]
    if json:
        as_json(shown)
        return
    for fact in shown:
        head = f"{fact['id']}  {fact['academy']:<14} {fact['level']:<12} {fact['state']:<10}"
        print(f"{head} {say(fact['french'], fact['english'])}")


@app.command(help=say("Retirer une annonce.", "Withdraw an announcement."))
def withdraw(
    announcement: Annotated[
        str, typer.Argument(metavar="ID", help=say("Voir announce list", "See announce list"))
    ],
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    now = timezone.now()
    with told():
        row = actions.withdraw(announcement, by=operator(), reason=reason, now=now)
    if json:
        as_json(_facts(row, now))
    else:
        print(say("Retirée.", "Withdrawn."))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadMoment(f"{text!r} is not a moment: write 2026-12-31 18:00.", moment=text) from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _state(row: Announcement, now: datetime) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.ends_at is not None and row.ends_at <= now:
        return "over"
    return "planned" if row.starts_at > now else "shown"


def _facts(row: Announcement, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id.hex,
        "academy": row.academy.slug,
        "level": row.level,
        "state": _state(row, now),
        "french": row.french,
        "english": row.english,
        "schools": row.schools,
        "functions": row.functions,
        "group": row.group.slug if row.group else "",
        "from": row.starts_at.isoformat(),
        "until": row.ends_at.isoformat() if row.ends_at else None,
        "by": row.created_by,
    }
