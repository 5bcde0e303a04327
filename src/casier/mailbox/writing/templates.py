"""Templates of messages: one's own, those of functional mailboxes, and those of an academy."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.models import Academy, Account, FunctionalMailbox, Role
from casier.kernel.errors import CasierError
from casier.mailbox.teamwork.team import MayOnlyRead, NotOpen
from casier.mailbox.writing.models import Template

MOST = 100
LONGEST = 100_000
LONGEST_NAME = 100
LONGEST_SUBJECT = 500
# Who may send as a mailbox keeps its templates too.
WRITING = frozenset({Role.ANSWER, Role.MANAGE})


class TemplateRefused(CasierError):
    """The template has no name, one that is taken, is too long, or there are too many."""

    code = "template_refused"


class NoSuchTemplate(CasierError):
    """Not a template that this person may know of, or not one to change."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Written:
    """What a template says."""

    name: str
    subject: str
    html: str


def templates_for(account: Account) -> QuerySet[Template]:
    """One's own, then those of the functional mailboxes that one belongs to, then the academy's; by name."""
    shared = account.memberships.filter(mailbox__is_closed=False).values("mailbox")
    rows = Template.objects.filter(Q(account=account) | Q(academy=account.academy) | Q(mailbox__in=shared))
    places = (F("account").asc(nulls_last=True), F("mailbox__name").asc(nulls_last=True), "mailbox")
    return rows.select_related("mailbox").order_by(*places, "name")


def rights_in(account: Account) -> dict[UUID, bool]:
    """The functional mailboxes that ACCOUNT belongs to, and whether it may write as each."""
    rows = account.memberships.filter(mailbox__is_closed=False)
    return {mailbox: role in WRITING for mailbox, role in rows.values_list("mailbox", "role")}


def save_new(account: Account, written: Written, mailbox_key: str = "", *, by: Actor) -> Template:
    """Keep a new template: one's own, or one of a functional mailbox that one may write as.

    Raises TemplateRefused, NotOpen, MayOnlyRead.
    """
    _check(written)
    owner = {"mailbox": _writable(account, mailbox_key)} if mailbox_key else {"account": account}
    if Template.objects.filter(**owner).count() >= MOST:
        raise TemplateRefused(f"There are {MOST} templates at most.", fault="too many", most=MOST)
    return _keep(Template(**owner), written, by)


def change(account: Account, template_id: str, written: Written, *, by: Actor) -> Template:
    """Another version of a template. Raises TemplateRefused, NoSuchTemplate, MayOnlyRead."""
    _check(written)
    return _keep(_changeable(account, template_id), written, by)


def delete(account: Account, template_id: str, *, by: Actor) -> None:
    """Raises NoSuchTemplate, MayOnlyRead."""
    row = _changeable(account, template_id)
    with transaction.atomic():
        if row.mailbox is not None:
            record(by, "template.deleted", _target(row.mailbox), "", name=row.name)
        row.delete()


def save_shared(academy: Academy, written: Written, by: Actor, reason: str) -> Template:
    """Give all people of ACADEMY a template; one of the same name is replaced."""
    _check(written)
    name = written.name.strip()
    row = Template.objects.filter(academy=academy, name=name).first() or Template(academy=academy)
    with transaction.atomic():
        record(by, "template.saved", f"academy:{academy.slug}", reason, name=name)
        return _save(row, written)


def delete_shared(academy: Academy, name: str, by: Actor, reason: str) -> None:
    """Raises NoSuchTemplate."""
    with transaction.atomic():
        if not Template.objects.filter(academy=academy, name=name).delete()[0]:
            raise NoSuchTemplate(f"The academy has no template called {name!r}.", name=name)
        record(by, "template.deleted", f"academy:{academy.slug}", reason, name=name)


def _check(written: Written) -> None:
    if not 0 < len(written.name.strip()) <= LONGEST_NAME:
        raise TemplateRefused(f"A template needs a name of {LONGEST_NAME} letters at most.", fault="name")
    if len(written.subject.strip()) > LONGEST_SUBJECT or len(written.html) > LONGEST:
        most = f"{LONGEST_SUBJECT} letters for the subject, {LONGEST} for the text"
        raise TemplateRefused(f"The template is too long: {most} at most.", fault="too long")
    if not written.html.strip():
        raise TemplateRefused("The template says nothing.", fault="empty")


def _writable(account: Account, mailbox_key: str) -> FunctionalMailbox:
    rows = account.memberships.filter(mailbox__is_closed=False, mailbox__mailbox_key=mailbox_key)
    membership = rows.select_related("mailbox").first()
    if membership is None:
        raise NotOpen(mailbox=mailbox_key)
    if membership.role not in WRITING:
        raise MayOnlyRead(mailbox=mailbox_key)
    return membership.mailbox


def _changeable(account: Account, template_id: str) -> Template:
    """One's own, or one of a mailbox that one may write as. Of others nobody is told that they exist."""
    try:
        row = templates_for(account).get(id=uuid.UUID(template_id), academy=None)
    except (Template.DoesNotExist, ValueError) as error:
        raise NoSuchTemplate(id=template_id) from error
    if row.mailbox is not None:
        _writable(account, row.mailbox.mailbox_key)
    return row


def _keep(row: Template, written: Written, by: Actor) -> Template:
    """What several people use is in the journal."""
    with transaction.atomic():
        if row.mailbox is not None:
            record(by, "template.saved", _target(row.mailbox), "", name=written.name.strip())
        return _save(row, written)


def _target(mailbox: FunctionalMailbox) -> str:
    return f"functional:{mailbox.pk.hex}"


def _save(row: Template, written: Written) -> Template:
    row.name, row.subject, row.html = written.name.strip(), written.subject.strip(), written.html
    row.changed_at = timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise TemplateRefused(f"The name {row.name!r} is taken.", fault="taken", name=row.name) from error
    return row
