"""Every difference between the directory and the engines, and mending it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import redis
from django.conf import settings
from django.db import transaction

from casier.audit.api import emit
from casier.audit.outbox import Rank, ranked
from casier.audit.wake import client
from casier.directory.models import Account, Address, FunctionalMailbox, MailDomain, Store
from casier.directory.publishing import (
    Policies,
    Record,
    account_records,
    accounts_to_publish,
    mailbox_records,
    publish_domains,
    write,
)
from casier.engines.cyrus.store import FOLDERS
from casier.kernel import published
from casier.kernel.addresses import PLATFORM_DOMAIN
from casier.kernel.chunks import chunks
from casier.mailbox.provisioning import CHUNK, functional_with_members
from casier.mailbox.stores import store_named
from casier.mailbox.wanted import WantedMailbox, of_account, of_mailbox, who_gave, whole_kilobytes

_OWN = f"@{PLATFORM_DOMAIN}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the directory says. OWNER is `account:<id>`, `functional:<id>`, or nothing."""

    kind: str
    target: str
    detail: str
    owner: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Owned:
    """An owner of the directory with what should be there."""

    owner: str
    wanted: WantedMailbox | None
    provisioned: bool
    records: tuple[Record, ...]


def differences() -> Iterator[Difference]:
    """Look at everything. Raises Unavailable when a store or Redis doesn't answer: unknown is not equal."""
    held = {name: store_named(name).list_mailboxes() for name in Store.objects.values_list("name", flat=True)}
    known: set[str] = set()
    for chunk in chunks(_owners(), CHUNK):
        known |= {owned.wanted.key for owned in chunk if owned.wanted}
        yield from _missing(chunk, held)
        yield from _quota_and_rights(chunk, held)
        yield from _published(chunk)
    known |= set(Account.objects.values_list("mailbox_key", flat=True))
    known |= set(FunctionalMailbox.objects.values_list("mailbox_key", flat=True))
    yield from _extra(held, known)
    yield from _addresses_of_nobody()
    yield from _domains()


def _owners() -> Iterator[Owned]:
    policies = Policies()
    everyone = accounts_to_publish().order_by("pk").iterator(chunk_size=CHUNK)
    for accounts in chunks(everyone, CHUNK):
        gave = who_gave(accounts)
        for account in accounts:
            policy = policies.of(account.academy)
            yield Owned(
                f"account:{account.public_id}",
                of_account(account, policy, gave),
                account.provisioned_at is not None,
                tuple(account_records(account, policy)),
            )
    for mailbox in functional_with_members().order_by("pk").iterator(chunk_size=CHUNK):
        policy = policies.of(mailbox.academy)
        yield Owned(
            f"functional:{mailbox.pk.hex}",
            of_mailbox(mailbox, policy),
            mailbox.provisioned_at is not None,
            tuple(mailbox_records(mailbox, policy)),
        )


def _missing(chunk: list[Owned], held: dict[str, dict[str, set[str]]]) -> Iterator[Difference]:
    for owned in chunk:
        if owned.wanted is None:
            continue
        folders = held[owned.wanted.store].get(owned.wanted.key)
        if folders is None:
            yield Difference("mailbox.missing", owned.wanted.key, f"not on {owned.wanted.store}", owned.owner)
            continue
        for name in sorted({"INBOX", *FOLDERS} - folders):
            yield Difference("folder.missing", f"{owned.wanted.key}/{name}", "special folder", owned.owner)
        if not owned.provisioned:
            yield Difference(
                "mailbox.unnoted", owned.wanted.key, "exists, but is noted as missing", owned.owner
            )


def _quota_and_rights(chunk: list[Owned], held: dict[str, dict[str, set[str]]]) -> Iterator[Difference]:
    for name, mailboxes in held.items():
        here = {
            owned.wanted.key: (owned.owner, owned.wanted)
            for owned in chunk
            if owned.wanted and owned.wanted.store == name and owned.wanted.key in mailboxes
        }
        for key, found in store_named(name).quotas(list(here)).items():
            owner, wanted = here[key]
            if found != whole_kilobytes(wanted.quota_bytes):
                yield Difference(
                    "quota", key, f"{found} instead of {whole_kilobytes(wanted.quota_bytes)}", owner
                )
        # Rights in single folders are told by the mailbox's own life alone: here the INBOX speaks for all.
        shared = {
            key: wanted.rights.everywhere
            for key, (_, wanted) in here.items()
            if wanted.rights is not None and not wanted.rights.only
        }
        for key, rights in store_named(name).rights(list(shared)).items():
            yield from _rights(key, rights, dict(shared[key]), here[key][0])


def _rights(key: str, found: dict[str, str], wanted: dict[str, str], owner: str) -> Iterator[Difference]:
    for who in sorted(found.keys() | wanted.keys()):
        if set(found.get(who, "")) != set(wanted.get(who, "")):
            detail = f"{who}: {found.get(who, 'nothing')} instead of {wanted.get(who, 'nothing')}"
            yield Difference("rights", key, detail, owner)


def _published(chunk: list[Owned]) -> Iterator[Difference]:
    records = [(owned.owner, key, value) for owned in chunk for key, value in owned.records]
    if not records:
        return
    found = _connection().mget([key for _, key, _ in records])
    for (owner, key, wanted), text in zip(records, found, strict=True):
        held = _text(text) if text is not None else None
        if held != wanted:
            detail = (
                "not published" if held is None else "published but gone" if wanted is None else "outdated"
            )
            yield Difference("published", key, detail, owner)


def _extra(held: dict[str, dict[str, set[str]]], known: set[str]) -> Iterator[Difference]:
    """Mailboxes of nobody. They are told, never deleted: someone's mail may be in them."""
    for name, mailboxes in held.items():
        strange = (key for key in sorted(mailboxes.keys() - known) if not key.endswith(_OWN))
        for key in strange:
            yield Difference("mailbox.extra", key, f"on {name}, unknown to the directory")


def _addresses_of_nobody() -> Iterator[Difference]:
    prefix = published.address_key("")
    for keys in chunks(_connection().scan_iter(match=f"{prefix}*", count=1000), CHUNK):
        names = {name for key in keys if not (name := _text(key).removeprefix(prefix)).endswith(_OWN)}
        known = Address.objects.filter(address__in=names, retired_at=None).values_list("address", flat=True)
        for name in sorted(names - set(known)):
            yield Difference("published", published.address_key(name), "published but gone", "address")


def _domains() -> Iterator[Difference]:
    wanted = set(MailDomain.objects.values_list("name", flat=True))
    found = {_text(name) for name in _connection().smembers(published.DOMAINS)}
    if wanted != found - {PLATFORM_DOMAIN}:
        yield Difference(
            "domains", published.DOMAINS, ", ".join(sorted(wanted ^ (found - {PLATFORM_DOMAIN})))
        )


def repair(found: list[Difference], rank: int = Rank.NOW) -> int:
    """Ask the worker for what must be made, write what must be published; how many owners were asked for.

    What is extra in a store stays: a person decides about mail.
    """
    owners = sorted({difference.owner for difference in found if ":" in difference.owner})
    gone = [difference.target for difference in found if difference.owner == "address"]
    write((key, None) for key in gone)
    if any(difference.kind == "domains" for difference in found):
        publish_domains()
    with transaction.atomic(), ranked(rank):
        for owner in owners:
            kind, _, key = owner.partition(":")
            emit(f"{kind}.changed", key)
    return len(owners)


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()


def _connection() -> redis.Redis:
    return client(settings.REDIS_SOCKET)
