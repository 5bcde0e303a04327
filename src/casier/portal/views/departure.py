"""What will happen to one's own account and when, and a copy of everything to take along."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casier.kernel.errors import CasierError
from casier.life.showing import way_of
from casier.life.telling import fate_in_words
from casier.mailbox.transfer.exports import Asked, begin_export, exports_of
from casier.mailbox.transfer.models import ExportState
from casier.portal.views.account import actor_of, person_of, signed_in

PAGE = "/compte/depart/"
SHOWN = 3


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The dates, what becomes of the mailbox, and the copies that were asked for."""
    account, now = person_of(request).account, timezone.now()
    way = way_of(account, now)
    facts = {
        "way": way,
        "fate": fate_in_words(way.departure) if way.departure else "",
        "exports": [_row(one) for one in exports_of(account)[:SHOWN]],
    }
    return render(request, "portal/departure.html", facts)


@signed_in
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Have a copy of mail, contacts and agendas made."""
    account, now = person_of(request).account, timezone.now()
    asked = Asked(account.mailbox_key, None, mail=True, contacts=True, agendas=True, mbox=False, letter=False)
    try:
        begin_export(account, asked, by=actor_of(request), now=now)
    except CasierError as error:
        messages.error(request, _sentence(error.code))
    else:
        messages.success(request, _("La copie se prépare. Revenez sur cette page pour la télécharger."))
    return redirect(PAGE)


def _sentence(code: str) -> str:
    if code == "transfer_one_at_a_time":
        return _("Une copie se prépare déjà.")
    return _("La copie n’est pas possible pour le moment. Réessayez plus tard.")


def _row(export: object) -> dict[str, object]:
    state = str(getattr(export, "state", ""))
    words = {
        ExportState.WAITING.value: _("en attente"),
        ExportState.WORKING.value: _("en préparation"),
        ExportState.READY.value: _("prête"),
        ExportState.FAILED.value: _("échouée"),
        ExportState.CANCELLED.value: _("annulée"),
        ExportState.EXPIRED.value: _("expirée"),
    }
    return {"row": export, "state": words.get(state, ""), "ready": state == ExportState.READY.value}
