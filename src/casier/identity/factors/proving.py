"""Showing a factor: each answer opens once, wrong ones are counted, one answer is looked at at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.models import Academy, Account
from casier.identity.entry.road import Proof
from casier.identity.factors import facts, paper, totp, webauthn
from casier.identity.factors.actions import PAPER
from casier.identity.factors.models import RecoveryCode, Telephone, Totp, WebAuthnKey
from casier.identity.factors.vault import vault
from casier.identity.factors.webauthn import NotProved
from casier.identity.guard.api import clear_factor_failures, factor_wait, note_factor_failure
from casier.identity.history.api import Notice, tell
from casier.identity.means.api import CodePurpose, check_code
from casier.identity.names import may_enter
from casier.identity.redis_link import answering
from casier.kernel import published
from casier.policies.api import policy_for

# A challenge that was answered is remembered for longer than any may wait for its answer.
CHALLENGE_SECONDS = 300
_ONE_AT_A_TIME_MS = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone showed; each method looks at its own fields only."""

    typed: str = ""
    challenge: str = ""  # of a code that was sent
    telephone: str = ""  # to which
    purpose: CodePurpose = CodePurpose.SECOND_FACTOR
    state: Mapping[str, str] = field(default_factory=dict)  # what a key was asked
    signed: str = ""  # what it answered (JSON)
    source: str = ""  # from where


@dataclass(frozen=True, slots=True)
class Proved:
    """The factor was right."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Wrong:
    """It wasn't; `wait`: seconds until the next try, -1: only after a reset."""

    wait: int


@dataclass(frozen=True, slots=True)
class Delayed:
    """Nothing was looked at; seconds to wait, -1: only after a reset."""

    seconds: int


Outcome = Proved | Wrong | Delayed


def prove(account: Account, method: str, answer: Answer, *, source: str, now: datetime) -> Outcome:
    """Whether ANSWER is right for METHOD of ACCOUNT. Raises Unavailable when tries can't be counted."""
    if method not in facts.usable(account, policy_for(account.academy)):
        return Wrong(0)
    shown = replace(answer, source=source)
    return counted(account, lambda: _CHECKS[method](account, shown, now), source, now)


def counted(account: Account, check: Callable[[], Proof | None], source: str, now: datetime) -> Outcome:
    """Run CHECK unless the account has to wait; count it when it says no.

    One at a time: many answers sent at once are worth no more than one after the other.
    """
    with _alone(account) as mine:
        if not mine:
            return Delayed(1)
        if wait := factor_wait(account, now.timestamp()):
            return Delayed(wait)
        proof = check()
        if proof is None:
            return Wrong(note_factor_failure(account, source, now.timestamp()))
        clear_factor_failures(account)
    return Proved(proof)


class _alone:  # noqa: N801 - reads as a word: `with _alone(account)`
    """Hold the account's turn; says whether it was free."""

    def __init__(self, account: Account) -> None:
        self.key = f"{published.PREFIX}factor-turn:{account.public_id}"
        self.mine = False

    def __enter__(self) -> bool:
        with answering() as redis:
            self.mine = bool(redis.set(self.key, "1", nx=True, px=_ONE_AT_A_TIME_MS))
        return self.mine

    def __exit__(self, *_: object) -> None:
        if self.mine:
            with answering() as redis:
                redis.delete(self.key)


def prove_passkey(
    academy: Academy, state: Mapping[str, str], signed: str, *, source: str, now: datetime
) -> Account | None:
    """Whose passkey was shown at ACADEMY's door; None when it opens nothing, whatever the reason."""
    try:
        key = _key_named(webauthn.named_in(signed))
        if key is None or not key.is_passkey or key.account.academy_id != academy.pk:
            return None
        shown = _shown(key, state, signed, source, now)
    except NotProved:
        return None
    account = key.account
    if not (shown.verified and policy_for(academy).sign_in.passkeys and may_enter(account)):
        return None
    by = Actor.account(account.public_id, source)
    with transaction.atomic():
        record(
            by, "identity.signed_in", f"account:{account.public_id}", "", academy=academy.slug, key=key.name
        )
    return account


def passkeys_open(academy: Academy) -> bool:
    """Whether a passkey opens the door of ACADEMY by itself."""
    return policy_for(academy).sign_in.passkeys


def _totp(account: Account, answer: Answer, now: datetime) -> Proof | None:
    """The step of a code is taken by one conditional update: the same code opens once, even twice at once."""
    for row in Totp.objects.filter(account=account):
        secret = vault().open(bytes(row.secret_sealed), account.public_id)
        counter = totp.counter_of(secret, answer.typed, now.timestamp())
        free = Totp.objects.filter(pk=row.pk, last_counter__lt=counter)
        if counter and free.update(last_counter=counter, used_at=now):
            return Proof.TOTP
    return None


def _paper(account: Account, answer: Answer, now: datetime) -> Proof | None:
    mac = vault().mac(paper.normal(answer.typed), account.public_id, PAPER)
    free = RecoveryCode.objects.filter(account=account, mac=mac, used_at__isnull=True)
    return Proof.RECOVERY_CODE if free.update(used_at=now) else None


def _sent(proof: Proof) -> Callable[[Account, Answer, datetime], Proof | None]:
    def check(account: Account, answer: Answer, now: datetime) -> Proof | None:
        if not answer.challenge or not answer.typed:
            return None
        if check_code(answer.challenge, answer.typed, answer.purpose) != account.public_id:
            return None
        Telephone.objects.filter(account=account, means_id=answer.telephone).update(used_at=now)
        return proof

    return check


def _key(account: Account, answer: Answer, now: datetime) -> Proof | None:
    try:
        key = _key_named(webauthn.named_in(answer.signed))
        if key is None or key.account_id != account.pk:
            return None
        shown = _shown(key, answer.state, answer.signed, answer.source, now)
    except NotProved:
        return None
    return Proof.PASSKEY if key.is_passkey and shown.verified else Proof.SECURITY_KEY


_CHECKS: dict[str, Callable[[Account, Answer, datetime], Proof | None]] = {
    "totp": _totp,
    "recovery_codes": _paper,
    "sms": _sent(Proof.SMS),
    "voice": _sent(Proof.VOICE),
    "webauthn": _key,
}


def _key_named(credential_id: str) -> WebAuthnKey | None:
    rows = WebAuthnKey.objects.select_related("account__academy", "account__person")
    return rows.filter(credential_id=credential_id, copied_at__isnull=True).first()


def _shown(
    key: WebAuthnKey, state: Mapping[str, str], signed: str, source: str, now: datetime
) -> webauthn.Shown:
    """KEY's answer, judged once and its counter moved on. Raises NotProved."""
    shown = webauthn.judge(key.account, key, state, signed)
    _use_up(state["challenge"])
    if (shown.sign_count or key.sign_count) and shown.sign_count <= key.sign_count:
        _give_up(key, source, now)
        raise NotProved("the counter went back: there are two of this key")
    mine = WebAuthnKey.objects.filter(pk=key.pk, sign_count=key.sign_count, copied_at__isnull=True)
    if not mine.update(sign_count=shown.sign_count, used_at=now, is_backed_up=shown.is_backed_up):
        raise NotProved("answered twice at once")
    return shown


def _use_up(challenge: str) -> None:
    """A challenge is answered once. Raises NotProved."""
    name = hashlib.sha256(challenge.encode()).hexdigest()
    with answering() as redis:
        first = redis.set(f"{published.PREFIX}challenge-used:{name}", "1", nx=True, ex=2 * CHALLENGE_SECONDS)
    if not first:
        raise NotProved("this challenge was answered before")


def _give_up(key: WebAuthnKey, source: str, now: datetime) -> None:
    """A key whose counter went back has been copied, or looks so: it opens nothing any more (§6.1.1)."""
    account = key.account
    with transaction.atomic():
        WebAuthnKey.objects.filter(pk=key.pk, copied_at__isnull=True).update(copied_at=now)
        by = Actor.system("webauthn")
        target = f"account:{account.public_id}"
        record(by, "identity.key_copied", target, "", academy=account.academy.slug, key=key.name)
        tell(account, Notice.FACTOR_COPIED, {"name": key.name, "source": source})
