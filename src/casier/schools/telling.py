"""Letters about a school's affairs: in people's own mailboxes, without a link, in their language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.db.models import Q
from django.utils import dateformat, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.directory.life import ENTERS
from casier.directory.mandates import Ability, holders, is_whole
from casier.directory.models import (
    Academy,
    Account,
    EndedMembership,
    FunctionalMailbox,
    Membership,
    Role,
    School,
)
from casier.identity.dispatch import api as dispatch
from casier.schools.models import Kind, Leaving, Request

WHY: Final = "schools"
# A letter lists no more names than one reads.
NAMES = 20
Words = tuple[str, Sequence[str]]


def heads_of(school: School, now: datetime) -> list[Account]:
    """Who answers for SCHOOL: those who may let people go there, for a part of the academy."""
    rows = holders(Ability.DEPART, school.academy, now).select_related("account__person", "account__academy")
    here = Q(school=school) | Q(network__in=school.networks.values("pk"))
    if school.department:
        here |= Q(department=school.department)
    return list(dict.fromkeys(row.account for row in rows.filter(here) if row.account.state in ENTERS))


def managers_of(mailbox: FunctionalMailbox) -> list[Account]:
    """Who names the members of MAILBOX beside those in charge of the school."""
    rows = Membership.objects.filter(mailbox=mailbox, role=Role.MANAGE, account__state__in=sorted(ENTERS))
    return [row.account for row in rows.select_related("account__person", "account__academy")]


def deciders_of(academy: Academy, now: datetime) -> list[Account]:
    """Who answers what heads ask for."""
    rows = holders(Ability.MANAGE_SCHOOL_MAILBOXES, academy, now).select_related("account__academy")
    return [row.account for row in rows if is_whole(row) and row.account.state in ENTERS]


def members_left(ended: Iterable[EndedMembership], now: datetime) -> None:
    """Tell those who manage the mailboxes who no longer opens them, a letter for each mailbox; where nobody
    is left to name members, those in charge of the school.
    """
    by_mailbox: defaultdict[FunctionalMailbox, list[EndedMembership]] = defaultdict(list)
    for row in ended:
        by_mailbox[row.mailbox].append(row)
    for mailbox, rows in by_mailbox.items():
        managers = managers_of(mailbox)
        heads = heads_of(mailbox.school, now) if mailbox.school and not managers else []
        for account in managers or heads:
            _send(account, partial(_left, mailbox, rows, alone=not managers))


def member_changed(
    mailbox: FunctionalMailbox, account: Account, role: Role | None, actor: Account | None
) -> None:
    """Tell the member what they may do now (None: nothing more), and those who manage the mailbox."""
    if account.state in ENTERS and account != actor:
        _send(account, partial(_yours, mailbox, role))
    for one in managers_of(mailbox):
        if one not in (account, actor):
            _send(one, partial(_theirs, mailbox, account, role))


def leaves_school(leaving: Leaving) -> None:
    """Tell somebody whose account stays that their posting at a school ends."""
    _send(leaving.account, partial(_ends_here, leaving))


def sheet_renewed(account: Account, actor: Account | None, school: School | None) -> None:
    """Tell somebody, who reads it once their account is open, that a sheet that opens it was printed."""
    _send(account, partial(_printed, actor if school else None, school))


def stays(leaving: Leaving) -> None:
    """Tell somebody that they stay at a school after all."""
    _send(leaving.account, partial(_stays_here, leaving))


def asked(request: Request, now: datetime) -> None:
    """Tell those who answer that something waits for them."""
    if request.kind == Kind.JOIN and request.mailbox is not None:
        to = managers_of(request.mailbox) or heads_of(request.school, now)
    else:
        to = deciders_of(request.academy, now)
    for account in to:
        if account != request.asked_by:
            _send(account, partial(_waits, request))


def answered(request: Request, now: datetime, *, approved: bool, given: str = "") -> None:
    """Tell who asked, or who is in charge by now. GIVEN: the address, where it isn't the one asked for."""
    for account in _concerned(request, now):
        _send(account, partial(_answer, request, account, approved=approved, given=given))


def _concerned(request: Request, now: datetime) -> list[Account]:
    """Who asked, for as long as they answer for the school or the mailbox; else whoever does."""
    who = request.asked_by
    if who is None:
        return []
    mine = [who] if who.state in ENTERS else []
    if request.kind == Kind.JOIN:
        return mine
    heads = heads_of(request.school, now)
    managers = managers_of(request.mailbox) if request.mailbox else []
    return mine if who in (*heads, *managers) else heads or mine


def thing_of(request: Request) -> str:
    """What REQUEST asks, in the language in force."""
    mailbox = request.mailbox.name if request.mailbox else request.name
    name = request.about.person.full_name if request.about else ""
    facts = {"mailbox": mailbox, "name": name, "address": request.address}
    return {
        Kind.NEW: _("Ouvrir la boîte « %(mailbox)s » (%(address)s)"),
        Kind.CLOSE: _("Fermer la boîte « %(mailbox)s »"),
        Kind.MEMBER: _("Ouvrir « %(mailbox)s » à %(name)s, d’un autre établissement"),
        Kind.JOIN: _("%(name)s demande à entrer dans « %(mailbox)s »"),
    }[Kind(request.kind)] % facts


def role_words(role: str) -> str:
    """What a member may do."""
    return {
        "read": _("lire"),
        "answer": _("lire, classer et répondre"),
        "manage": _("lire, répondre et nommer les membres"),
    }.get(role, role)


def _send(account: Account, words: Callable[[], Words]) -> None:
    language = dispatch.language_of(account)
    with translation.override(language):
        subject, paragraphs = words()
    dispatch.put_into_mailbox(account, dispatch.Letter(subject, tuple(paragraphs), language), why=WHY)


def _left(mailbox: FunctionalMailbox, rows: Sequence[EndedMembership], *, alone: bool) -> Words:
    names = [row.account.person.full_name for row in rows[:NAMES]]
    said = ngettext(
        "%(names)s n’a plus d’affectation dans l’établissement et n’ouvre plus « %(mailbox)s ».",
        "%(names)s n’ont plus d’affectation dans l’établissement et n’ouvrent plus « %(mailbox)s ».",
        len(rows),
    ) % {"names": _and_more(names, len(rows)), "mailbox": mailbox.name}
    paragraphs = [said, _("Si c’est une erreur, dites-le au chef d’établissement : cela peut être repris.")]
    if alone:
        paragraphs.append(
            _("Plus aucun membre ne peut en nommer d’autres : nommez un gestionnaire dans la console.")
        )
    return _("Membres de la boîte « %(mailbox)s »") % {"mailbox": mailbox.name}, paragraphs


def _and_more(names: list[str], count: int) -> str:
    text = ", ".join(names)
    return text if count <= len(names) else _("%(names)s et %(count)d autres") % {
        "names": text, "count": count - len(names),
    }  # fmt: skip


def _yours(mailbox: FunctionalMailbox, role: Role | None) -> Words:
    subject = _("Boîte « %(mailbox)s »") % {"mailbox": mailbox.name}
    if role is None:
        return subject, [_("Cette boîte ne vous est plus ouverte.")]
    said = _("Cette boîte vous est ouverte : vous pouvez %(what)s.") % {"what": role_words(role)}
    return subject, [said, _("Elle paraît dans votre messagerie, sous vos dossiers.")]


def _theirs(mailbox: FunctionalMailbox, account: Account, role: Role | None) -> Words:
    facts = {"name": account.person.full_name, "what": role_words(role or "")}
    said = (
        _("%(name)s n’est plus membre de cette boîte.") % facts
        if role is None
        else _("%(name)s est membre de cette boîte et peut %(what)s.") % facts
    )
    return _("Membres de la boîte « %(mailbox)s »") % {"mailbox": mailbox.name}, [said]


def _ends_here(leaving: Leaving) -> Words:
    day = dateformat.format(leaving.last_day, _("l j F Y"))
    return _("Vous quittez %(school)s") % {"school": leaving.school.name}, [
        _("Votre affectation à %(school)s prend fin le %(day)s.")
        % {"school": leaving.school.name, "day": day},
        _("Vous n’ouvrirez plus ensuite les boîtes partagées de cet établissement."),
        _("Votre compte et votre adresse restent les mêmes."),
        _("Si c’est une erreur, dites-le à cet établissement : cela peut être repris."),
    ]


def _printed(actor: Account | None, school: School | None) -> Words:
    who = _("l’assistance de l’académie")
    if actor is not None and school is not None:
        who = _("%(name)s, pour %(school)s") % {"name": actor.person.full_name, "school": school.name}
    return _("Une feuille d’arrivée a été imprimée pour vous"), [
        _("Une nouvelle feuille d’arrivée a été imprimée par %(who)s. Elle sert à ouvrir votre compte.")
        % {"who": who},
        _("Si vous ne l’avez pas reçue, appelez l’assistance : quelqu’un d’autre a pu ouvrir ce compte."),
    ]


def _stays_here(leaving: Leaving) -> Words:
    facts = {"school": leaving.school.name}
    return _("Vous restez à %(school)s") % facts, [
        _("Le départ de %(school)s qui était annoncé est annulé : tout est comme avant.") % facts
    ]


def _waits(request: Request) -> Words:
    who = request.asked_by.person.full_name if request.asked_by else _("L’exploitation")
    said = _("%(who)s demande, pour %(school)s : %(what)s.") % {
        "who": who, "school": request.school.name, "what": thing_of(request),
    }  # fmt: skip
    where = (
        _("Répondez dans « Mon compte », à « Boîtes partagées », ou dans la console.")
        if request.kind == Kind.JOIN
        else _("Répondez dans la console, à « Boîtes d’établissement ».")
    )
    return _("Une demande vous attend"), [said, _("Motif : « %(why)s »") % {"why": request.reason}, where]


def _answer(request: Request, to: Account, *, approved: bool, given: str) -> Words:
    subject = _("Demande acceptée") if approved else _("Demande refusée")
    paragraphs = [thing_of(request) + "."]
    if given:
        paragraphs.append(_("Elle est ouverte sous une autre adresse : %(address)s.") % {"address": given})
    if request.answer:
        paragraphs.append(_("Réponse : « %(answer)s »") % {"answer": request.answer})
    if approved and request.kind == Kind.NEW:
        opens = Membership.objects.filter(mailbox=request.mailbox, account=to).exists()
        paragraphs.append(
            _("La boîte paraît dans votre messagerie ; nommez-en les membres dans la console.")
            if opens
            else _("Nommez-en les membres dans la console.")
        )
    return subject, paragraphs
