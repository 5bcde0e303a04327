"""Academies, their domains and hosts, their schools."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.access import default_store
from casier.directory.actions.giving import give_on_domain
from casier.directory.colours import parse_accent
from casier.directory.errors import AlreadyThere
from casier.directory.models import Academy, MailDomain, School, Store, WebHost
from casier.kernel.addresses import parse_domain
from casier.kernel.errors import CasierError
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
    feed_key: str = ""
    store: Store | None = None


def create_academy(new: NewAcademy, *, by: Actor, reason: str, now: datetime) -> Academy:
    """Make an academy with its domains, hosts and policy.

    Raises AlreadyThere, BadName, BadColour, BadDomain, BadPolicy.
    """
    if not _SLUG.fullmatch(new.slug) or not new.domains or not new.hosts:
        raise BadName("An academy needs a short name (a-z, 0-9, -), a mail domain and a web host.")
    accent = parse_accent(new.accent)
    host = parse_host(new.hosts[0])
    with transaction.atomic():
        if Academy.objects.filter(slug=new.slug).exists():
            raise AlreadyThere(f"An academy is already called {new.slug}.", slug=new.slug)
        default_store()
        academy = Academy.objects.create(
            slug=new.slug,
            name=new.name,
            accent=accent,
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
            feed_key=new.feed_key,
            store=new.store,
        )
        record(by, "school.created", f"school:{uai}", reason, academy=academy.slug, at=now)
    return school


def parse_host(text: str) -> str:
    """A host name of the web in lower case; `localhost` and `rouen.localhost` too. Raises BadName."""
    host = text.strip().lower()
    if not _HOST.fullmatch(host) or ".." in host:
        raise BadName(f"{text!r} is not a host name.")
    return host


def _add_domain(academy: Academy, text: str, *, primary: bool) -> MailDomain:
    name = parse_domain(text)
    if MailDomain.objects.filter(name=name).exists():
        raise AlreadyThere(f"The mail domain {name} is taken.", domain=name)
    return MailDomain.objects.create(academy=academy, name=name, is_primary=primary)


def _add_host(academy: Academy, text: str, *, primary: bool) -> WebHost:
    host = parse_host(text)
    if WebHost.objects.filter(host=host).exists():
        raise AlreadyThere(f"The web host {host} is taken.", host=host)
    return WebHost.objects.create(academy=academy, host=host, is_primary=primary)
