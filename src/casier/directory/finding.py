"""Finding people by any fragment: one short line of text for each account, read whole in milliseconds.

The line is a cache of what the directory says: written anew by whoever works off what changed, and by a
search for what is still to be worked off. `rebuild` makes it from nothing.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from casier.audit.models import OutboxEvent
from casier.directory.models import Academy, Account, Address, FindLine, Posting
from casier.kernel.addresses import fold
from casier.kernel.chunks import chunks

TOPIC = "account.changed"
CHUNK = 500
# How many accounts one search writes anew; what is more is left to the worker.
CATCH_UP = 200
LOOKED_AT = 200
MOST_WORDS = 6
# When lines were last made of something else: those before are written anew.
FORM_SINCE = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
# What stands between the parts of a name.
_APART = re.compile(r"[\s'’-]+")


def words_of(typed: str) -> list[str]:
    """What is looked for, as the lines are written."""
    return _plain(typed).split()[:MOST_WORDS]


def _plain(text: str) -> str:
    """TEXT as it is compared: both apostrophes are one."""
    return fold(text).replace("’", "'")


def first(within: QuerySet[Account], words: Sequence[str], most: int) -> list[uuid.UUID]:
    """Up to MOST of WITHIN whose line holds each of WORDS (`words_of`), by family name."""
    lines = FindLine.objects.all()
    for word in words:
        lines = lines.filter(text__contains=word)
    # The lines are read one after the other, and only the first ones are looked up among WITHIN…
    begin = list(lines.order_by("name", "pk").values_list("pk", flat=True)[:LOOKED_AT])
    found = _in_order(within.filter(pk__in=begin), most)
    if len(found) == most or len(begin) < LOOKED_AT:
        return found
    # …unless few of many are: then WITHIN is small, and the better beginning.
    return _in_order(within.filter(pk__in=lines.values("pk")), most)


def _in_order(rows: QuerySet[Account], most: int) -> list[uuid.UUID]:
    return list(rows.order_by("find_line__name", "pk").values_list("pk", flat=True)[:most])


def refresh(ids: Iterable[uuid.UUID], now: datetime) -> int:
    """Write the lines of these accounts anew; how many."""
    count = 0
    for some in chunks(ids, CHUNK):
        accounts = list(Account.objects.filter(pk__in=some).select_related("person"))
        lines = _lines(accounts, now)
        FindLine.objects.bulk_create(
            lines, update_conflicts=True, unique_fields=["account"], update_fields=["text", "name", "at"]
        )
        count += len(lines)
    return count


def catch_up(now: datetime) -> int:
    """Write anew what changed and was not worked off yet; how many."""
    events = OutboxEvent.objects.filter(topic=TOPIC, done_at=None).order_by("-pk")
    changed = dict(reversed(events.values_list("key", "created_at")[: 2 * CATCH_UP]))
    if not changed:
        return 0
    written = dict(
        FindLine.objects.filter(pk__in=[uuid.UUID(hex=key) for key in changed]).values_list("pk", "at")
    )
    ids = [uuid.UUID(hex=key) for key in changed]
    stale = [pk for pk in ids if pk not in written or written[pk] <= changed[pk.hex]]
    return refresh(stale[:CATCH_UP], now)


def rebuild(now: datetime, academy: Academy | None = None) -> int:
    """Write every line anew; how many."""
    accounts = Account.objects.filter(academy=academy) if academy else Account.objects.all()
    return refresh(accounts.values_list("pk", flat=True).iterator(chunk_size=CHUNK), now)


def fill(now: datetime) -> int:
    """Write the lines that are missing or of an older form, after an upgrade; how many."""
    wanting = Q(find_line=None)
    if now >= FORM_SINCE:
        wanting |= Q(find_line__at__lt=FORM_SINCE)
    found = Account.objects.filter(wanting).values_list("pk", flat=True)
    return refresh(list(found), now) if found.exists() else 0


def _lines(accounts: Sequence[Account], now: datetime) -> list[FindLine]:
    addresses: dict[uuid.UUID | None, list[str]] = defaultdict(list)
    own = Address.objects.filter(account__in=accounts).order_by("-is_primary", "pk")
    for owner, address in own.values_list("account", "address"):
        addresses[owner].append(address)
    places: dict[int, list[str]] = defaultdict(list)
    postings = Posting.objects.filter(person__in=[account.person_id for account in accounts])
    for posting in postings.filter(Q(ends_on=None) | Q(ends_on__gte=now.date())).select_related("school"):
        school = posting.school
        where = (school.uai, school.name, school.city) if school else ()
        places[posting.person_id] += [posting.function, posting.label, *where]
    return [
        FindLine(
            account=account,
            text=_text(account, addresses[account.pk], places[account.person_id]),
            name=fold(f"{account.person.family_name} {account.person.given_name}")[:210],
            at=now,
        )
        for account in accounts
    ]


def _text(account: Account, addresses: list[str], places: list[str]) -> str:
    """All that a person may be looked for by, each once, folded."""
    person = account.person
    name = [person.given_name, person.family_name, person.birth_name]
    # « legoff », « mariehelene »: as one writes it who only heard it.
    name += [joined for one in name if (joined := _APART.sub("", one)) != one]
    parts = [*name, account.mailbox_key, *addresses, *places]
    return " ".join(dict.fromkeys(_plain(part) for part in parts if part))


def by_name() -> tuple[OrderBy, str]:
    """The order of lists: by family name, then given name, whatever their case and accents."""
    return F("find_line__name").asc(nulls_last=True), "pk"
