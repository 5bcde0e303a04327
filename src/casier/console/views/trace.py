"""What became of somebody's messages: asked for with a reason, told without their content."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casier.console.access import Desk, console
from casier.console.forms import Form, form_of, page
from casier.console.person import person_of
from casier.console.showing import shown
from casier.directory.mandates import Ability
from casier.trace.following import Answer, Followed
from casier.trace.looking import Asked, look
from casier.trace.words import UNREAD, in_words

HOURS = (1, 24, 72, 168)


@console
@require_http_methods(["GET", "HEAD", "POST"])
def messages_of(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """The form, and below it what was found."""
    account = desk.person(account_id, Ability.SEE_TRACE)
    form = form_of(request, "heures", "avec", "jusque", told=False)
    until = _moment(form)
    typed = form.values["heures"]
    hours = int(typed) if typed in {str(one) for one in HOURS} else HOURS[1]
    facts: dict[str, Any] = {
        "here": "home",
        "p": shown(person_of(account), desk),
        "choices": HOURS,
        "hours": hours,
    }
    if request.method == "POST" and not form.errors:
        asked = Asked(hours, form.values["avec"][:254], until)
        answer = look(account, asked, by=desk.actor, reason=form.reason, now=desk.now)
        facts |= {"answer": answer, "rows": _rows(answer), "unread": _unread(answer)}
    return page(request, desk, "trace", facts, form)


def _moment(form: Form) -> datetime | None:
    """Up to when, as a field of the browser or a hand writes it; None: now."""
    typed = form.values["jusque"]
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        form.errors["jusque"] = _("Écrivez la date et l’heure, par exemple 2026-11-20 14:30.")
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _unread(answer: Answer) -> list[str]:
    place = 0 if (get_language() or "fr").startswith("fr") else 1
    return [UNREAD[name][place] for name in answer.unread]


def _rows(answer: Answer) -> list[dict[str, Any]]:
    french = (get_language() or "fr").startswith("fr")
    return [_row(message, french) for message in answer.messages]


def _row(message: Followed, french: bool) -> dict[str, Any]:
    events = [
        {"at": timezone.localtime(event.at), "words": in_words(event, french=french)}
        for event in message.events
    ]
    return {"message": message, "at": timezone.localtime(message.at), "events": events}
