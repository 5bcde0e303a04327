"""`./casier rights`: the regular review of who holds which right."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.utils import timezone

from casier.boot.commands.speaking import AsJson, InAcademy, Reason, as_json, operator, told
from casier.boot.words import say
from casier.directory.access import academy_named
from casier.directory.errors import BadMandate, NotFound
from casier.rights import api as rights
from casier.rights.api import Line, Review

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Qui détient quel droit : la revue régulière.", "Who holds which right: the regular review."),
)
review = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    review,
    name="review",
    help=say("Ouvrir une revue, la lire, y répondre.", "Start a review, read it, answer it."),
)
TheReview = Annotated[
    int, typer.Argument(metavar=say("REVUE", "REVIEW"), help=say("Son numéro", "Its number"))
]


@review.command(help=say("Ouvrir une revue dans une académie.", "Start a review in an academy."))
def start(
    academy: Annotated[str, typer.Argument(metavar=say("ACADÉMIE", "ACADEMY"))], json: AsJson = False
) -> None:
    with told():
        made = rights.start_review(academy_named(academy), by=operator(), now=timezone.now())
    _show([made], json)


@review.command("list", help=say("Lister les revues, la dernière d’abord.", "List reviews, the last first."))
def list_reviews(academy: InAcademy = "", json: AsJson = False) -> None:
    rows = Review.objects.select_related("academy").order_by("-started_at")
    with told():
        if academy:
            rows = rows.filter(academy=academy_named(academy))
    _show(list(rows), json)


@review.command(help=say("Montrer une revue, droit par droit.", "Show a review, right by right."))
def show(number: TheReview, json: AsJson = False) -> None:
    with told():
        found = _review(number)
    lines = [
        {"line": line.pk, **row} for line, row in zip(rights.lines_of(found), rights.rows(found), strict=True)
    ]
    if json:
        as_json({**rights.summary(found), "rights": lines})
        return
    _show([found], json=False)
    for one in lines:
        print(
            f"{one['line']:>6} {one['answer']:<10} {one['right']:<10}",
            f"{one['where'] or '–'}  {one['name']} {one['address']}",
        )


@review.command(help=say("Confirmer un droit, ou le retirer.", "Confirm a right, or take it back."))
def confirm(
    number: TheReview,
    line: Annotated[
        int, typer.Argument(metavar=say("LIGNE", "LINE"), help=say("Lue par « show »", "As “show” says"))
    ],
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help=say("Retirer ce droit aussitôt", "Take the right back at once"))
    ] = False,
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    by, now = operator(), timezone.now()
    with told():
        one = _line(_review(number), line)
        if withdraw and not reason.strip():
            raise BadMandate("A right is taken back for a reason.", field="reason")
        answer = rights.withdraw if withdraw else rights.confirm
        done = answer(one, by=by, account=None, reason=reason, now=now)
    if json:
        as_json({"line": done.pk, "answer": done.answer})
    else:
        print(f"{done.pk} {done.answer}")


@review.command(
    help=say("Clore une revue avant son terme.", "Close a review before its time is over."),
)
def close(number: TheReview, json: AsJson = False) -> None:
    with told():
        done = rights.close_review(_review(number), by=operator(), now=timezone.now())
    _show([done], json)


@review.command(
    help=say(
        "Le rapport d’une revue, pour un audit : CSV, ou JSON.",
        "A review’s report, for an audit: CSV, or JSON.",
    )
)
def export(number: TheReview, json: AsJson = False) -> None:
    with told():
        found = _review(number)
    if json:
        as_json({**rights.summary(found), "rights": rights.rows(found)})
    else:
        print(rights.as_csv(found), end="")


def _review(number: int) -> Review:
    found = Review.objects.select_related("academy").filter(pk=number).first()
    if found is None:
        raise NotFound("No review has this number.", review=number)
    return found


def _line(found: Review, number: int) -> Line:
    line = next((one for one in rights.lines_of(found) if one.pk == number), None)
    if line is None:
        raise NotFound("No line of this review has this number.", line=number)
    return line


def _show(rows: list[Review], json: bool) -> None:
    found: list[dict[str, Any]] = [rights.summary(row) for row in rows]
    if json:
        as_json(found)
        return
    for one in found:
        state = say("close", "closed") if one["closedAt"] else say("en cours", "open")
        left = say(f"{one['none']} sans réponse", f"{one['none']} unanswered")
        day = str(one["startedAt"])[:10]
        print(f"{one['id']:>5} {one['academy']:<14} {day} {state:<9} {one['lines']} · {left}")
