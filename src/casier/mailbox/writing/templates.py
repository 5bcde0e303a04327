"""Templates of messages: one's own, and those that an academy gives to all of its people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.models import Academy, Account
from casier.kernel.errors import CasierError
from casier.mailbox.writing.models import Template

MOST = 100
LONGEST = 100_000
LONGEST_NAME = 100
LONGEST_SUBJECT = 500


class TemplateRefused(CasierError):
    """The template has no name, one that is taken, is too long, or there are too many."""

    code = "template_refused"


class NoSuchTemplate(CasierError):
    """Not a template of this person."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Written:
    """What a template says."""

    name: str
    subject: str
    html: str


def templates_for(account: Account) -> QuerySet[Template]:
    """One's own, then the academy's, by name."""
    return Template.objects.filter(Q(account=account) | Q(academy=account.academy)).order_by(
        "academy_id", "name"
    )


def save_own(account: Account, written: Written, template_id: str = "") -> Template:
    """Keep a new template, or another version of one. Raises TemplateRefused, NoSuchTemplate."""
    _check(written)
    if not template_id and Template.objects.filter(account=account).count() >= MOST:
        raise TemplateRefused(f"One has {MOST} templates at most.", fault="too many", most=MOST)
    row = _own(account, template_id) if template_id else Template(account=account)
    return _save(row, written)


def delete_own(account: Account, template_id: str) -> None:
    """Raises NoSuchTemplate."""
    _own(account, template_id).delete()


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


def _own(account: Account, template_id: str) -> Template:
    try:
        return Template.objects.get(account=account, id=uuid.UUID(template_id))
    except (Template.DoesNotExist, ValueError) as error:
        raise NoSuchTemplate(id=template_id) from error


def _save(row: Template, written: Written) -> Template:
    row.name, row.subject, row.html = written.name.strip(), written.subject.strip(), written.html
    row.changed_at = timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise TemplateRefused(f"The name {row.name!r} is taken.", fault="taken", name=row.name) from error
    return row
