"""Reading and keeping the rules of a mailbox."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from casier.audit.api import Actor, record
from casier.directory.access import primary_address
from casier.directory.models import Account, MailDomain
from casier.kernel.errors import CasierError
from casier.mailbox.choices.actions import save_choice
from casier.mailbox.filters.limits import check_targets
from casier.mailbox.filters.rules import Foreign, Included, Item, Rules, faults, targets_of
from casier.mailbox.filters.script import Parsed, Scripts
from casier.mailbox.filters.store import Changed, Script, ScriptStore, Shelf, script_store
from casier.mailbox.filters.writing import Owner

MAX_SCRIPT_BYTES = 250_000


class BadRules(CasierError):
    """Rules that say nothing that could be done."""

    code = "bad_rules"


class TooLong(CasierError):
    """More than the store takes in one script."""

    code = "rules_too_long"


@dataclass(frozen=True, slots=True)
class Found:
    """What runs for a mailbox: our rules, and the scripts of other programs."""

    rules: Rules
    text: str  # our script
    active: bool  # whether ours is the one that runs
    others: tuple[Script, ...]


def rules_of(account: Account, store: ScriptStore | None = None) -> Found:
    """What is in the store now. Raises Unavailable."""
    shelf = (store or script_store(account.mailbox_key)).read()
    held = parsed(shelf)
    _mirror(account, held)
    ours = shelf.ours
    rules = Rules(state=shelf.state, items=held.items, absence=held.absence)
    return Found(rules, ours.text if ours else "", bool(ours and ours.active), shelf.others)


def save_rules(account: Account, wanted: Rules, *, by: Actor, store: ScriptStore | None = None) -> Found:
    """Make WANTED what runs, and the scripts of others that ran until now part of it.

    Raises BadRules, RedirectRefused, TooManyRedirects, Changed, TooLong, ScriptRefused, Unavailable.
    """
    if wrong := list(faults(wanted)):
        raise BadRules(places=wrong)
    check_targets(account, targets_of(wanted))
    store = store or script_store(account.mailbox_key)
    shelf = store.read()
    if shelf.state != wanted.state:
        raise Changed
    items = _with_what_ran(wanted.items, shelf)
    before = parsed(shelf)
    _only_known(items, before, shelf)
    text = written(account, msgspec.structs.replace(wanted, items=items), before)
    store.write(text, shelf)
    _note(account, wanted, by)
    return rules_of(account, store)


def parsed(shelf: Shelf) -> Parsed:
    """What our script of SHELF holds."""
    return _scripts().read(shelf.ours.text if shelf.ours else "")


def _scripts() -> Scripts:
    return Scripts(hmac.digest(settings.CASIER_INSTANCE.key("django"), b"filters", "sha256"))


def _with_what_ran(items: tuple[Item, ...], shelf: Shelf) -> tuple[Item, ...]:
    """A script of another program that is active goes on running, after our rules."""
    included = {item.name for item in items if isinstance(item, Included)}
    missing = [Included(name=script.name) for script in shelf.others if script.active]
    return (*items, *(item for item in missing if item.name not in included))


def _only_known(items: tuple[Item, ...], before: Parsed, shelf: Shelf) -> None:
    """What others wrote can be kept, moved or left out here, not written. Raises BadRules."""
    names = {script.name for script in shelf.others}
    for item in items:
        if isinstance(item, Included) and item.name not in names and item not in before.items:
            raise BadRules(places=[f"script {item.name}"])
        if isinstance(item, Foreign) and item not in before.items:
            raise BadRules(places=["foreign"])


def written(account: Account, rules: Rules, before: Parsed) -> str:
    """RULES as one script, in the language of ACCOUNT. Raises TooLong."""
    user = getattr(account, "user", None)
    with translation.override(user.locale if user else settings.LANGUAGE_CODE):
        text = _scripts().write(rules.items, rules.absence, owner_of(account), before.required)
    if len(text.encode()) > MAX_SCRIPT_BYTES:
        raise TooLong(bytes=len(text.encode()))
    return text


def owner_of(account: Account) -> Owner:
    """What answers must know of ACCOUNT."""
    addresses = account.addresses.filter(retired_at__isnull=True).order_by("-is_primary", "address")
    domains = MailDomain.objects.filter(academy=account.academy).order_by("name")
    return Owner(
        name=account.person.full_name,
        address=primary_address(account),
        addresses=tuple(addresses.values_list("address", flat=True)),
        domains=tuple(domains.values_list("name", flat=True)),
        zone=settings.TIME_ZONE,
    )


def _note(account: Account, rules: Rules, by: Actor) -> None:
    with transaction.atomic():
        record(
            by, "rules.saved", f"account:{account.public_id}", "", academy=account.academy.slug,
            at=timezone.now(), rules=len(rules.items), redirects=targets_of(rules), absence=rules.absence.on,
        )  # fmt: skip


def _mirror(account: Account, held: Parsed) -> None:
    """Beside what a person chose, so that each page knows of an absence without asking the store."""
    absence = held.absence
    facts = {"on": absence.on, "start": absence.start, "end": absence.end}
    save_choice(account, "absence", msgspec.json.encode(facts))
