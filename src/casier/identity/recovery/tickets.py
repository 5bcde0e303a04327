"""What someone asked for at the door, before anything is known of them.

The page does the same for every name: it seals the question, puts it into a queue and answers. The worker
alone looks whether there is such an account and what it has, so neither the answer nor its time tells. Who
asks holds a ticket (in their visitor's session); a code that was sent is found by it, and by nothing else.

    casier:recovery-asked                  list: sealed questions
    casier:recovery-sent:<ticket>          the challenge of the code that was sent (expires)
    casier:recovery-source:<mac>           questions and codes from one place in this hour (expires)
    casier:recovery-name:<mac>             questions about one name in this hour (expires)
    casier:recovery-academy:<slug>         questions at one academy in this hour (expires)
    casier:recovery-account:<kind>:<id>    what was sent for one account (expires)
    casier:recovery-answers:<id>           tries at the secret questions in this day (expires)
    casier:recovery-mended:<id>            what its person mended in this day (expires)
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis

from casier.audit.wake import wake_worker
from casier.directory.models import Academy
from casier.identity.guard.api import note_right_proof, note_wrong_proof
from casier.identity.means.api import CodePurpose, check_code
from casier.identity.names import canonical
from casier.identity.redis_link import answering
from casier.kernel import published

ASKED = published.PREFIX + "recovery-asked"
HOUR = 3600
DAY = 24 * HOUR
# A whole school may come from one address; a name is one person's; an academy has tens of thousands.
MOST_FROM_ONE_SOURCE = 60
MOST_ABOUT_ONE_NAME = 6
MOST_AT_ONE_ACADEMY = 3000
# What one account is sent, whoever asks for it and by whatever name.
MOST_FOR_ONE_ACCOUNT = (("hour", HOUR, 4), ("day", DAY, 10))
MOST_REPAIRS = 4
MOST_ANSWERS = 3
LONGEST_QUEUE = 20_000
TICKET_SECONDS = 1800
_NONCE = 12


class Wish(StrEnum):
    """What someone asks for."""

    LINK = "link"
    CODE = "code"
    LETTER = "letter"
    DESK = "desk"
    REPAIR = "repair"  # a code by which one learns why one can't get in


@dataclass(frozen=True, slots=True)
class Question:
    """What the worker is to do, if there is such an account."""

    wish: Wish
    name: str  # as it was typed
    academy: str  # the slug of the host's; "" where the host is none's
    source: str
    language: str
    ticket: str = ""
    by: str = ""  # "mail", "sms", "voice", of a code
    reference: str = ""  # of WISH.DESK


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a question comes from, and about whom."""

    name: str
    academy: Academy | None
    source: str


def new_ticket() -> str:
    """What the visitor's session keeps: 256 bits by which a code that was sent is found again."""
    return secrets.token_urlsafe(32)


def ask(asker: Asker, question: Question) -> bool:
    """Queue QUESTION; False when this place, or this academy as a whole, asked too often.

    Too many questions about one name are dropped without a word: the answer would tell that others ask.
    """
    slug = asker.academy.slug if asker.academy else ""
    with answering() as redis:
        if not within(redis, _source_key(asker.source), MOST_FROM_ONE_SOURCE, HOUR):
            return False
        if not within(redis, f"{published.PREFIX}recovery-academy:{slug}", MOST_AT_ONE_ACADEMY, HOUR):
            return False
        named = _mac("name", f"{slug}:{canonical(asker.name)}")[:32]
        heard = within(redis, f"{published.PREFIX}recovery-name:{named}", MOST_ABOUT_ONE_NAME, HOUR)
        if heard and int(redis.llen(ASKED)) < LONGEST_QUEUE:
            redis.rpush(ASKED, seal(json.dumps(asdict(question))))
    wake_worker(settings.REDIS_SOCKET)
    return True


def next_question() -> Question | None:
    """The oldest question; None when there is none."""
    with answering() as redis:
        while isinstance(text := redis.lpop(ASKED), str):
            plain = unseal(text)
            if plain:
                data = json.loads(plain)
                return Question(**{**data, "wish": Wish(data["wish"])})
    return None


def may_send(account_id: str, wish: Wish) -> bool:
    """Count what an account is sent; False once it is enough. Whoever asks how often: no flood."""
    with answering() as redis:
        keys = [
            (f"{published.PREFIX}recovery-account:{wish}:{name}:{account_id}", seconds, most)
            for name, seconds, most in MOST_FOR_ONE_ACCOUNT
        ]
        counted = [within(redis, key, most, seconds) for key, seconds, most in keys]
    return all(counted)


@dataclass(frozen=True, slots=True)
class Proved:
    """Whose code was typed, and to which of their means it had gone."""

    account: str
    reach: str


def may_mend(account_id: str) -> bool:
    """Count a repair by the person; False once there were more in a day than anyone needs."""
    with answering() as redis:
        return within(redis, f"{published.PREFIX}recovery-mended:{account_id}", MOST_REPAIRS, DAY)


def may_answer(account_id: str) -> bool:
    """Count a try at the secret questions; False after the third of a day."""
    with answering() as redis:
        return within(redis, f"{published.PREFIX}recovery-answers:{account_id}", MOST_ANSWERS, DAY)


def answered(account_id: str) -> None:
    """The answers were right: the count starts again."""
    with answering() as redis:
        redis.delete(f"{published.PREFIX}recovery-answers:{account_id}")


def note_sent(ticket: str, challenge: str, reach: str) -> None:
    """The code of CHALLENGE went out to REACH, for the holder of TICKET."""
    with answering() as redis:
        redis.set(_sent_key(ticket), json.dumps([challenge, reach]), ex=TICKET_SECONDS)


def proved_by(ticket: str, typed: str, purpose: CodePurpose, asker: Asker, now: float) -> Proved | None:
    """Whose code TYPED is; None when it isn't anyone's, or this place tried too often.

    Where nothing was sent, a challenge that nobody has is checked: it takes as long.
    """
    with answering() as redis:
        if not within(redis, _source_key(asker.source), MOST_FROM_ONE_SOURCE, HOUR):
            return None
        sent = redis.get(_sent_key(ticket))
    challenge, reach = json.loads(str(sent)) if sent else (uuid.uuid4().hex, "")
    account = check_code(challenge, typed, purpose)
    note_proof(asker, now, right=bool(account))
    return Proved(account, reach) if account else None


def note_proof(asker: Asker, now: float, *, right: bool) -> None:
    """Tell the guard how a proof ended: many wrong ones are an attack, whoever they are about."""
    if right:
        note_right_proof(asker.academy, now)
    else:
        note_wrong_proof(asker.academy, canonical(asker.name), asker.source, now)


def may_try(source: str) -> bool:
    """Count a try of a code from a letter, a link or a reference; False when this place tried too often."""
    with answering() as redis:
        return within(redis, _source_key(source), MOST_FROM_ONE_SOURCE, HOUR)


def may_tidy() -> bool:
    """Whether it is an hour since what is over was swept away."""
    with answering() as redis:
        return within(redis, f"{published.PREFIX}recovery-tidied", 1, HOUR)


def within(redis: Redis, key: str, most: int, seconds: int) -> bool:
    """Count one more under KEY; whether it is still among the first MOST of SECONDS."""
    with redis.pipeline() as batch:
        batch.incr(key)
        batch.expire(key, seconds, nx=True)
        count, _set = batch.execute()
    return int(count) <= most


def seal(text: str) -> str:
    """TEXT as it may lie in Redis: what people type as their name may be a NUMEN."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()


def unseal(sealed: str) -> str:
    """What `seal` has hidden; "" when the key is another."""
    raw = base64.b64decode(sealed)
    try:
        return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except InvalidTag:
        return ""


def _cipher() -> AESGCM:
    key: bytes = settings.CASIER_INSTANCE.key("django")
    return AESGCM(HKDFExpand(SHA256(), 32, b"casier recovery questions").derive(key))


def _sent_key(ticket: str) -> str:
    return f"{published.PREFIX}recovery-sent:{hashlib.sha256(ticket.encode()).hexdigest()}"


def _source_key(source: str) -> str:
    return f"{published.PREFIX}recovery-source:{_mac('source', source)[:32]}"


def _mac(kind: str, value: str) -> str:
    return salted_hmac(f"casier.recovery.{kind}", value, algorithm="sha256").hexdigest()
