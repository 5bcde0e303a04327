"""The shared mailboxes that one opens; asking to be let into one; its members, for who manages it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casier.directory.access import account_with, primary_address
from casier.directory.errors import NotFound
from casier.directory.models import Account, Address, FunctionalMailbox, Membership, Role
from casier.kernel.errors import CasierError
from casier.portal.factors.stepping import freshly_proved
from casier.portal.views.account import actor_of, person_of, signed_in
from casier.schools import api, showing
from casier.schools.errors import Elsewhere
from casier.schools.telling import role_words, thing_of

PAGE = "/compte/boites/"
SUGGESTED = 300


@signed_in
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """One's shared mailboxes, those that one may ask for, what one asked, what one has to answer."""
    account, now = person_of(request).account, timezone.now()
    rows = _of(account)
    main = dict(
        Address.objects.filter(mailbox__in=[row.mailbox_id for row in rows], is_primary=True).values_list(
            "mailbox", "address"
        )
    )
    facts = {
        "rows": [
            {"row": row, "role": role_words(row.role), "address": main.get(row.mailbox_id, "")}
            for row in rows
        ],
        "joinable": list(api.joinable(account, now).order_by("name")),
        "mine": [
            {"row": row, "what": thing_of(row)}
            for row in api.asked_by(account).filter(kind=api.Kind.JOIN, state=api.State.WAITING)
        ],
        "waiting": [{"row": row, "what": thing_of(row)} for row in _to_answer(account)],
        "roles": _roles(join=True),
    }
    return render(request, "portal/boxes.html", facts)


@signed_in
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to be let into a mailbox of one's school."""
    account, now = person_of(request).account, timezone.now()
    mailbox = next(
        (one for one in api.joinable(account, now) if str(one.pk) == request.POST.get("boite", "")), None
    )
    if mailbox is None:
        raise Http404
    reason = request.POST.get("motif", "")
    try:
        api.ask_to_join(mailbox, _role(request), by=actor_of(request), reason=reason, now=now)
    except CasierError as error:
        messages.error(request, _why_not(error))
    else:
        messages.success(request, _("Votre demande est envoyée à ceux qui gèrent la boîte."))
    return redirect(PAGE)


@signed_in
@require_POST
def withdraw(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Take back what one asked for."""
    row = api.Request.objects.filter(pk=request_id, asked_by=person_of(request).account).first()
    if row is None:
        raise Http404
    return _done(request, PAGE, lambda: api.withdraw(row, by=actor_of(request), now=timezone.now()))


@signed_in
@require_POST
def leave(request: HttpRequest, mailbox_id: uuid.UUID) -> HttpResponse:
    """Be a member no more."""
    account = person_of(request).account
    mailbox = _mine(account, mailbox_id).mailbox
    said: dict[str, Any] = {"by": actor_of(request), "reason": _("à sa demande"), "now": timezone.now()}
    return _done(request, PAGE, lambda: api.take_away(mailbox, account, **said))


@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, mailbox_id: uuid.UUID) -> HttpResponse:
    """Who opens a mailbox that one manages: name, change, take away, answer who asks to be let in."""
    account, now = person_of(request).account, timezone.now()
    mailbox = _mine(account, mailbox_id, role=Role.MANAGE).mailbox
    if request.method == "POST":
        return _done(request, f"{PAGE}{mailbox.pk}/", lambda: _act(request, mailbox, account))
    school = mailbox.school
    people = showing.people_of(school, now, 1, most=SUGGESTED).rows if school else []
    box = showing.box_of(mailbox)
    facts = {
        "mailbox": mailbox,
        "address": box.address,
        "members": [
            {
                "row": row,
                "name": row.account.person.full_name,
                "address": primary_address(row.account),
                "role": role_words(row.role),
                "self": row.account_id == account.pk,
            }
            for row in box.members
        ],
        "people": [{"name": row.account.person.full_name, "address": row.address} for row in people],
        "waiting": [
            {"row": row, "what": thing_of(row)} for row in _to_answer(account) if row.mailbox_id == mailbox.pk
        ],
        "roles": _roles(),
    }
    return render(request, "portal/box.html", facts)


def _act(request: HttpRequest, mailbox: FunctionalMailbox, account: Account) -> None:
    """One deed of the page of members."""
    said: dict[str, Any] = {"by": actor_of(request), "now": timezone.now()}
    reason = request.POST.get("motif", "")
    deed = request.POST.get("acte", "")
    if deed in {"accepter", "refuser"}:
        row = next((one for one in _to_answer(account) if str(one.pk) == request.POST.get("demande")), None)
        if row is None:
            raise NotFound("No such request.")
        if deed == "accepter":
            api.approve(row, answer=reason, **said)
        else:
            api.refuse(row, reason=reason, **said)
        return
    member = account_with(request.POST.get("membre", "").strip() or "@")
    said |= {"reason": reason, "was": request.POST.get("etait")}
    if deed == "retirer":
        api.take_away(mailbox, member, **said)
    elif deed in {"ajouter", "changer"}:
        _name(mailbox, member, _role(request), said)


def _name(mailbox: FunctionalMailbox, member: Account, role: Role, said: dict[str, Any]) -> None:
    try:
        api.name_member(mailbox, member, role, **said)
    except Elsewhere as error:
        if error.facts.get("policy") != "approved":
            raise
        api.ask_member(mailbox, member, role, **{name: said[name] for name in ("by", "reason", "now")})


def _done(request: HttpRequest, back: str, deed: Any) -> HttpResponse:
    try:
        deed()
    except CasierError as error:
        messages.error(request, _why_not(error))
    else:
        messages.success(request, _("C’est fait."))
    return redirect(back)


def _of(account: Account) -> list[Membership]:
    rows = Membership.objects.filter(account=account, mailbox__is_closed=False)
    return list(rows.select_related("mailbox__school").order_by("mailbox__name"))


def _mine(account: Account, mailbox_id: uuid.UUID, role: Role | None = None) -> Membership:
    """The membership of ACCOUNT; for others there is no such page."""
    for row in _of(account):
        if row.mailbox_id == mailbox_id and role in (None, row.role):
            return row
    raise Http404


def _to_answer(account: Account) -> list[api.Request]:
    """Those who ask to be let into mailboxes that ACCOUNT manages as a member."""
    managed = {row.mailbox_id for row in _of(account) if row.role == Role.MANAGE}
    rows = api.waiting_for(account, timezone.now()).filter(kind=api.Kind.JOIN, mailbox__in=managed)
    return list(rows)


def _role(request: HttpRequest) -> Role:
    code = request.POST.get("role", "")
    return Role(code) if code in set(Role.values) else Role.READ


def _roles(*, join: bool = False) -> list[tuple[str, str]]:
    return [(role.value, role_words(role)) for role in Role if not (join and role is Role.MANAGE)]


def _why_not(error: CasierError) -> str:
    known = {
        "reason_wanted": _("Écrivez pourquoi."),
        "already_asked": _("Vous l’avez déjà demandé."),
        "not_asked": _("Vos demandes en attente sont trop nombreuses."),
        "not_found": _("Personne n’a cette adresse dans l’académie."),
        "works_elsewhere": _("Cette personne travaille dans un autre établissement : voyez avec le vôtre."),
        "changed_since": _("Quelqu’un a changé ces droits entre-temps : regardez de nouveau."),
        "wrong_step": _("Quelqu’un a répondu entre-temps."),
        "not_allowed": _("Vous ne pouvez pas changer vos propres droits."),
    }
    return known.get(error.code, _("Ce n’est pas possible : le compte ou la boîte a changé."))
