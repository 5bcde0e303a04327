"""The end of a name: what is left of somebody who was purged no longer says who it was.

A number stays, because the journal, certificates and others' work name it; what the number stood for goes.
"""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from casier.audit.models import JournalEntry, JournalPayload
from casier.audit.wake import client
from casier.directory import finding
from casier.directory.models import (
    Account,
    AccountState,
    Address,
    EndedMembership,
    Mandate,
    Person,
    PersonKey,
    Posting,
    UsedMailboxKey,
)
from casier.directory.naming import hidden_key, nameless_key
from casier.feed.models import Change, Gone, ReviewItem, Subject
from casier.identity.activation.models import Acceptance
from casier.kernel import published
from casier.life.models import Departure, Hold
from casier.mailbox.arrivals.models import Quarantined, WatchedFolder
from casier.mailbox.arrivals.quarantine import Quarantine
from casier.mailbox.teamwork.models import Work
from casier.rights.models import Line

GIVEN, FAMILY = "Personne", "effacée"
# What the journal must go on saying of them: that they were erased, by whom, and the certificate's digest.
KEPT_FACTS = ("account.purge_certified", "person.erased", "person.erasure_asked")
AT_ONCE = 200


def erase_people(now: datetime) -> int:
    """Take the name from those who were purged and whose last address is no longer kept from others."""
    held = Address.objects.filter(
        Q(retired_at=None) | Q(reserved_until=None) | Q(reserved_until__gt=now), account=OuterRef("pk")
    )
    over = Account.objects.filter(state=AccountState.PURGED).exclude(Exists(held))
    named = over.exclude(person__given_name=GIVEN, person__family_name=FAMILY, addresses=None)
    found = list(named.select_related("person", "academy").order_by("pk")[:AT_ONCE])
    for account in found:
        anonymise(account, now)
    return len(found)


def anonymise(account: Account, now: datetime) -> dict[str, int]:
    """Take away who ACCOUNT was, which is purged already; how much of what. Again changes nothing."""
    names = Names.of(account)
    with transaction.atomic():
        # Before the stays go, by which they are found.
        asked = _asked_for(account)
        counts = {
            "identity": _person(account),
            "addresses": _addresses(account, now),
            "feed": _feed(account, names.keys),
            "journal": asked + _journal(account, names.texts),
            "rights": _rights(account),
            "mailbox": _mailbox(names.mailbox_key),
            "consents": Acceptance.objects.filter(account=account).delete()[0],
        }
        finding.refresh([account.pk], now)
    _forget_published(names.mailbox_key)
    return {name: count for name, count in counts.items() if count}


class Names:
    """By what somebody is found, before it goes."""

    def __init__(self, mailbox_key: str, keys: list[str], texts: list[str]) -> None:
        self.mailbox_key, self.keys, self.texts = mailbox_key, keys, texts

    @classmethod
    def of(cls, account: Account) -> Names:
        keys = list(PersonKey.objects.filter(person=account.person_id).values_list("key", flat=True))
        addresses = list(account.addresses.values_list("address", flat=True))
        texts = [account.mailbox_key, *addresses]
        return cls(account.mailbox_key, keys, [text for text in texts if "@" in text])


def _person(account: Account) -> int:
    person = account.person_id
    PersonKey.objects.filter(person=person).delete()
    apps.get_model("console.OperationLine")._default_manager.filter(account=account).update(outcome={})
    # A stay says who answered for a contributor, and goes with the posting that it is about.
    for label in ("contributors.Stay", "schools.Leaving"):
        apps.get_model(label)._default_manager.filter(account=account).delete()
    Posting.objects.filter(person=person).delete()
    Gone.objects.filter(person=person).delete()
    nobody = {"birth_name": "", "title": "", "birth_date": None, "numen_sealed": None, "numen_index": None}
    changed = Person.objects.filter(pk=person).exclude(given_name=GIVEN, family_name=FAMILY)
    return changed.update(given_name=GIVEN, family_name=FAMILY, **nobody)


def _addresses(account: Account, now: datetime) -> int:
    """What isn't kept from others any more goes; the mailbox key becomes a number."""
    gone = account.addresses.filter(retired_at__isnull=False, reserved_until__lte=now).delete()[0]
    account.addresses.exclude(leads_to="", ended_as="").update(leads_to="", ended_as="")
    nameless = nameless_key(account.pk)
    if account.mailbox_key != nameless:
        known = UsedMailboxKey.objects.filter(key=account.mailbox_key).first()
        if known is not None:
            UsedMailboxKey.objects.get_or_create(
                key=hidden_key(account.mailbox_key), defaults={"at": known.at}
            )
            known.delete()
        Account.objects.filter(pk=account.pk).update(mailbox_key=nameless)
        account.mailbox_key = nameless
    return gone


def _feed(account: Account, keys: list[str]) -> int:
    """What runs of the feed said of them."""
    about = Q(target__in=[str(account.person_id), account.public_id]) | Q(key__in=keys)
    empty = {"label": "", "facts": {}, "before": {}, "after": {}, "outcome": {}}
    count = Change.objects.filter(about, subject=Subject.PERSON).update(key="", **empty)
    ReviewItem.objects.filter(person=account.person_id).delete()
    return count + ReviewItem.objects.filter(identity__in=keys).delete()[0]


def _asked_for(account: Account) -> int:
    """The facts beside what was asked about them, which name them: what was asked goes with the stay."""
    requests = apps.get_model("contributors.Request")._default_manager.filter(stay__account=account)
    targets = [f"contributor:{one.hex}" for one in requests.values_list("pk", flat=True)]
    return JournalPayload.objects.filter(entry__target__in=targets).delete()[0]


def _journal(account: Account, texts: list[str]) -> int:
    """The facts beside entries about them or by them; the entries stay, with the number alone."""
    who = f"account:{account.public_id}"
    theirs = JournalEntry.objects.filter(Q(target=who) | Q(actor=who)).exclude(action__in=KEPT_FACTS)
    count = JournalPayload.objects.filter(entry__in=theirs).delete()[0]
    for text in texts:
        count += JournalPayload.objects.filter(facts__icontains=text).delete()[0]
    return count


def _rights(account: Account) -> int:
    count = Line.objects.filter(holder=account).exclude(facts={}, reason="").update(facts={}, reason="")
    Mandate.objects.filter(account=account).update(reason="")
    Departure.objects.filter(account=account).update(reason="", redirect_to="", lost={})
    count += Hold.objects.filter(account=account).update(reason="", lifted_reason="")
    return count + EndedMembership.objects.filter(account=account).delete()[0]


def _mailbox(key: str) -> int:
    """What is known of the mailbox beside the store: folders, quarantine, work."""
    taken = Quarantined.objects.filter(owner=key)
    quarantine = Quarantine.of(settings.CASIER_INSTANCE)
    for one in taken:
        quarantine.file(one).unlink(missing_ok=True)
    rows = (taken, WatchedFolder.objects.filter(owner=key), Work.objects.filter(mailbox_key=key))
    return sum(found.delete()[0] for found in rows)


def _forget_published(key: str) -> None:
    """What the edge knew of the mailbox by its name."""
    names = (published.mailbox_owner_key, published.verified_key, published.redirected_key)
    client(settings.REDIS_SOCKET).delete(*(name(key) for name in names))
