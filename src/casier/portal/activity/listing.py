"""What happened at the door of one's account, by day, and what one was told about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casier.directory.models import Account
from casier.identity.history.api import SignInResult
from casier.identity.history.deciding import event_of_notice
from casier.identity.history.delivering import words_of
from casier.identity.history.models import NoticeSent, SignIn
from casier.identity.history.naming import proof_words, result_words
from casier.identity.history.places import Place
from casier.identity.history.reading import notices, sign_ins
from casier.identity.history.results import Notice
from casier.identity.history.words import when, where
from casier.identity.sessions import Terms
from casier.portal.factors.stepping import terms_of
from casier.portal.views.account import person_of, signed_in

# On one page; older ones are one step away.
SHOWN = 40
NOTICES = 20
# The row of a sign-in is written when its session opens.
_SAME_MOMENT = 2
# Attempts so close to one another happened at one time, for who reads of them.
_SHORT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt, in words."""

    id: int
    at: datetime
    result: str
    good: bool
    where: str
    device: str
    proofs: str
    many: str
    here: bool
    disowned: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One notice, in words."""

    id: str
    subject: str
    lead: str
    when: str
    roads: str
    can_disown: bool
    disowned: bool


@signed_in
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Sign-ins by day with place, device and result; notices; « it wasn't me » beside each."""
    account = person_of(request).account
    terms = terms_of(request)
    last = _last(account, request.GET.get("avant", ""))
    rows = sign_ins(account, SHOWN + 1, before=last)
    lines = [line_of(row, terms) for row in rows[:SHOWN]]
    facts = {
        "days": [(day, list(of_day)) for day, of_day in groupby(lines, key=_day_of)],
        "older": rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
        "paging": last is not None,
        "notices": [] if last else [told_of(row) for row in notices(account, NOTICES)],
    }
    return render(request, "portal/activity/activity.html", facts)


def _last(account: Account, asked: str) -> datetime | None:
    """When the row that a page begins after was: one's own, or none."""
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return SignIn.objects.filter(account=account, pk=int(asked)).values_list("last_at", flat=True).first()


def line_of(row: SignIn, terms: Terms) -> Line:
    """ROW in words. TERMS: those of the session that looks."""
    result = SignInResult(row.result)
    proofs = [words for proof in row.proofs if (words := proof_words(proof))]
    return Line(
        id=row.pk,
        at=row.last_at,
        result=result_words(result),
        good=result is SignInResult.OPENED,
        where=where(Place(row.own_network, row.country, row.city), row.source) or _("plusieurs adresses"),
        device=row.device or _("appareil inconnu"),
        proofs=", ".join(proofs),
        many=_many(row),
        here=result is SignInResult.OPENED and _opened(terms, row),
        disowned=row.disowned_at is not None,
    )


def _opened(terms: Terms, row: SignIn) -> bool:
    """Whether ROW is the sign-in by which the session of TERMS was opened."""
    same = (row.source, row.device) == (terms.source, terms.device)
    return same and 0 <= row.at.timestamp() - terms.created < _SAME_MOMENT


def _many(row: SignIn) -> str:
    if row.count == 1:
        return ""
    since = dateformat.format(timezone.localtime(row.at), _("G \\h i"))
    tries = ngettext("%(count)d essai", "%(count)d essais", row.count) % {"count": row.count}
    if row.last_at - row.at < _SHORT:
        return tries
    return _("%(tries)s depuis %(hour)s") % {"tries": tries, "hour": since}


def told_of(row: NoticeSent) -> Told:
    """ROW in words."""
    # The list shows what happened; where it was stands in the letter.
    said = words_of(row, get_language() or "fr", Place())
    return Told(
        id=str(row.id),
        subject=said.subject,
        lead=said.lead,
        when=when(row.at),
        roads=_roads(row),
        can_disown=event_of_notice(Notice(row.notice), row.facts) is not None and row.disowned_at is None,
        disowned=row.disowned_at is not None,
    )


def _roads(row: NoticeSent) -> str:
    if row.mailbox_at is None:
        return _("en cours d’envoi")
    if row.backup_at is None:
        return _("envoyé dans votre boîte")
    return _("envoyé dans votre boîte et à vos moyens de secours")


def _day_of(line: Line) -> date:
    return timezone.localtime(line.at).date()
