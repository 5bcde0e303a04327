"""Academies, their domains and hosts, their schools."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.access import default_store
from casier.directory.actions.giving import give_on_domain
from casier.directory.colours import parse_accent
from casier.directory.errors import AlreadyThere
from casier.directory.models import Academy, MailDomain, School, Store, WebHost
from casier.kernel.addresses import parse_domain
from casier.kernel.errors import CasierError
from casier.kernel.places import department_of
from casier.kernel.uai import parse_uai
from casier.policies.api import Policy, adopt

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,49}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class BadName(CasierError):
    """A short name or host name that can't stand in an address."""

    code = "bad_name"


@dataclass(frozen=True, slots=True)
class NewAcademy:
    """An academy to make. The first domain and the first host are the primary ones."""

    slug: str
    name: str
    accent: str
    domains: tuple[str, ...]
    hosts: tuple[str, ...]
    policy: Policy = field(default_factory=Policy)
    # Fixed for ever: passkeys and signed-in services depend on them. Empty: from the primary host.
    rp_id: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class NewSchool:
    """A school to make."""

    uai: str
    name: str
    kind: str = ""
    city: str = ""
    postal_code: str = ""
    department: str = ""
    feed_key: str = ""
    store: Store | None = None


LONGEST_NAME = 120
Fault = tuple[str, CasierError]


def faults(new: NewAcademy) -> list[Fault]:
    """What stands against making NEW, each with its field: `slug`, `name`, `accent`, `domains`, `hosts`."""
    found = [*_fault("slug", lambda: _free_slug(new.slug)), *_fault("name", lambda: _parse_name(new.name))]
    found += _fault("accent", lambda: parse_accent(new.accent))
    for field_, texts, free in (("domains", new.domains, _free_domain), ("hosts", new.hosts, _free_host)):
        if not texts:
            found.append((field_, BadName("An academy needs a mail domain and a web host.", field=field_)))
        for text in texts:
            found += _fault(field_, partial(free, text))
        if len({text.strip().lower() for text in texts}) < len(texts):
            found.append((field_, AlreadyThere("The same name twice.", name=texts[0])))
    return found


def _fault(field_: str, look: Callable[[], object]) -> list[Fault]:
    try:
        look()
    except CasierError as error:
        return [(field_, error)]
    return []


def create_academy(new: NewAcademy, *, by: Actor, reason: str, now: datetime) -> Academy:
    """Make an academy with its domains, hosts and policy.

    Raises AlreadyThere, BadName, BadColour, BadDomain, BadPolicy.
    """
    with transaction.atomic():
        for _field, fault in faults(new):
            raise fault
        host = parse_host(new.hosts[0])
        default_store()
        academy = Academy.objects.create(
            slug=new.slug,
            name=_parse_name(new.name),
            accent=parse_accent(new.accent),
            rp_id=new.rp_id or host,
            issuer=new.issuer or f"https://{host}",
            created_at=now,
        )
        for number, name in enumerate(new.domains):
            _add_domain(academy, name, primary=number == 0)
        for number, name in enumerate(new.hosts):
            _add_host(academy, name, primary=number == 0)
        adopt(academy, new.policy, by=by, reason=reason, now=now)
        record(by, "academy.created", f"academy:{academy.slug}", reason, academy=academy.slug, at=now)
        emit("academy.changed", academy.slug)
    return academy


def add_domain(academy: Academy, name: str, *, by: Actor, reason: str, now: datetime) -> MailDomain:
    """Give an academy another mail domain: everyone gets the alias."""
    with transaction.atomic():
        Academy.objects.select_for_update().get(pk=academy.pk)
        domain = _add_domain(academy, name, primary=False)
        given = give_on_domain(academy, domain, now)
        record(
            by, "domain.added", f"academy:{academy.slug}", reason,
            academy=academy.slug, at=now, domain=domain.name, aliases=given,
        )  # fmt: skip
        emit("academy.changed", academy.slug)
    return domain


def add_host(academy: Academy, host: str, *, by: Actor, reason: str, now: datetime) -> WebHost:
    """Let an academy's portal answer to another host name."""
    with transaction.atomic():
        added = _add_host(academy, host, primary=False)
        record(
            by, "host.added", f"academy:{academy.slug}", reason, academy=academy.slug, at=now, host=added.host
        )
        emit("academy.changed", academy.slug)
    return added


def create_school(academy: Academy, new: NewSchool, *, by: Actor, reason: str, now: datetime) -> School:
    """Make a school. Raises BadUai, AlreadyThere."""
    uai = parse_uai(new.uai)
    with transaction.atomic():
        if School.objects.filter(uai=uai).exists():
            raise AlreadyThere(f"A school already has the UAI {uai}.", uai=uai)
        school = School.objects.create(
            academy=academy,
            uai=uai,
            name=new.name.strip(),
            kind=new.kind,
            city=new.city,
            postal_code=new.postal_code,
            department=new.department or department_of(new.postal_code),
            feed_key=new.feed_key,
            store=new.store,
        )
        record(by, "school.created", f"school:{uai}", reason, academy=academy.slug, at=now)
    return school


def parse_host(text: str) -> str:
    """A host name of the web in lower case; `localhost` and `rouen.localhost` too. Raises BadName."""
    host = text.strip().lower()
    if not _HOST.fullmatch(host) or ".." in host:
        raise BadName(f"{text!r} is not a host name.", host=text)
    return host


def _parse_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadName("An academy needs a name of 120 characters at most.", field="name")
    return name


def _free_slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise BadName("An academy needs a short name (a-z, 0-9, -).", field="slug")
    if Academy.objects.filter(slug=slug).exists():
        raise AlreadyThere(f"An academy is already called {slug}.", slug=slug)
    return slug


def _free_domain(text: str) -> str:
    name = parse_domain(text)
    if MailDomain.objects.filter(name=name).exists():
        raise AlreadyThere(f"The mail domain {name} is taken.", domain=name)
    return name


def _free_host(text: str) -> str:
    host = parse_host(text)
    if WebHost.objects.filter(host=host).exists():
        raise AlreadyThere(f"The web host {host} is taken.", host=host)
    return host


def _add_domain(academy: Academy, text: str, *, primary: bool) -> MailDomain:
    return MailDomain.objects.create(academy=academy, name=_free_domain(text), is_primary=primary)


def _add_host(academy: Academy, text: str, *, primary: bool) -> WebHost:
    return WebHost.objects.create(academy=academy, host=_free_host(text), is_primary=primary)
