"""The end of the road: the session opens, on the terms of the academy; or it stays shut, and one is told why.

Two things can still stand in the way of someone who has proved everything: an unusual sign-in, where the
policy suspends at once, and another device, where it allows one at a time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from casier.audit.actors import Actor
from casier.audit.api import record
from casier.directory.models import AccountState
from casier.identity import backends, sessions
from casier.identity.activation.finishing import finish
from casier.identity.ending import sessions_ended
from casier.identity.entry.road import Entry
from casier.identity.guard import devices, knowing, watching
from casier.identity.guard.one_device import STRONG, Coming, Decision, Open, Rule, Step, decide
from casier.identity.history.api import Notice, SignInResult, note_sign_in, refuse, tell
from casier.identity.models import User
from casier.policies.api import policy_for
from casier.policies.policy import Sessions

Why = Literal["one_device", "one_device_suspended", "unusual", "suspended"]


@dataclass(frozen=True, slots=True)
class Opened:
    """The session is open."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """Everything was right, and the session stays shut: another device has one open (monoposte), or the
    account was just suspended because the sign-in was unusual. What is told comes after full proof only.
    """

    why: Why
    seconds: int = 0  # until it may be tried again; 0: not by waiting
    reference: str = ""


def open_session(request: HttpRequest, user: User, entry: Entry) -> Opened | NotNow:
    """Open a session under a fresh key, or tell why not."""
    account, now = user.account, time.time()
    policy = policy_for(account.academy)
    known = knowing.recognised(request.COOKIES.get(devices.COOKIE, ""), account, now)
    sight = watching.look_at(account, entry, bool(known), now, policy)
    if watching.act_on(account, entry, sight):
        return NotNow("unusual", reference=_refused(user, entry, "unusual", SignInResult.REFUSED))
    # A shared computer becomes nobody's device; one that was somebody's before stays it.
    device = known or ("" if entry.shared_computer else knowing.id_of_browser(request, now))
    decision = _decide_and_open(request, user, entry, device, policy.sessions)
    if not decision.opens:
        return _not_now(user, entry, decision, int(now))
    _note_opened(user, entry)
    watching.learn_from(account, sight.facts, policy)
    return Opened()


def _decide_and_open(
    request: HttpRequest, user: User, entry: Entry, device: str, policy: Sessions
) -> Decision:
    """Under a lock on the person's row, so that of two devices at once only one finds the place free."""
    if policy.one_device == "off":
        sessions.thaw(user.account.public_id)
        _open(request, user, entry, device, policy)
        return Decision(Step.OPEN)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        decision = _decide(request, user, entry, device, policy)
        if decision.opens:
            sessions.thaw(user.account.public_id)
            _open(request, user, entry, device, policy)
        _carry_out(user, entry, decision, policy)
    return decision


def _decide(request: HttpRequest, user: User, entry: Entry, device: str, policy: Sessions) -> Decision:
    account_id, now = user.account.public_id, int(time.time())
    opened = tuple(
        Open(live.digest, live.terms.known_device) for live in sessions.live_sessions(account_id, now)
    )
    held = sessions.digest_of(request.session.session_key) if request.session.session_key else ""
    coming = Coming(device, bool(STRONG & set(entry.proofs)), held)
    rule = Rule(policy.one_device, policy.suspend_minutes * 60)
    return decide(rule, coming, opened, sessions.frozen_until(account_id), now)


def _carry_out(user: User, entry: Entry, decision: Decision, policy: Sessions) -> None:
    """What the decision means for the others, and who is told."""
    account = user.account
    if decision.opens:
        for digest in decision.end:
            sessions_ended.send(User, account_id=account.public_id, only=digest)
        sessions.end_some(account.public_id, decision.end, "replaced")
    elif decision.step is Step.SUSPEND:
        sessions.freeze(account.public_id, decision.until - int(time.time()))
    if decision.step in {Step.REPLACE, Step.SUSPEND, Step.REFUSE}:
        minutes = policy.suspend_minutes if decision.freeze else 0
        record(
            Actor.account(account.public_id, entry.source), f"identity.one_device_{decision.step}",
            f"account:{account.public_id}", "", academy=account.academy.slug,
        )  # fmt: skip
        told = {"device": entry.device, "source": entry.source, "minutes": str(minutes) if minutes else ""}
        tell(account, Notice.ONE_DEVICE, told)


def _open(request: HttpRequest, user: User, entry: Entry, device: str, policy: Sessions) -> None:
    """Write the session now, not at the end of the request: the next device must see it."""
    shared = entry.shared_computer
    minutes = min(policy.idle_minutes, policy.shared_computer_idle_minutes) if shared else policy.idle_minutes
    now = int(time.time())
    login(request, user, backend=backends.PATH)
    request.session[sessions.TERMS] = sessions.as_data(
        sessions.Terms(
            created=now,
            absolute_until=now + policy.absolute_hours * 3600,
            idle_seconds=minutes * 60,
            origin=f"{request.scheme}://{request.get_host()}",
            source=entry.source,
            device=entry.device,
            shared_computer=shared,
            proofs=tuple(entry.proofs),
            proved_at=now,
            known_device=device,
        )
    )
    request.session.save()


def _note_opened(user: User, entry: Entry) -> None:
    account = user.account
    actor = Actor.account(account.public_id, entry.source)
    with transaction.atomic():
        if account.state == AccountState.INVITED:
            finish(account, by=actor, now=timezone.now())
        record(actor, "identity.signed_in", f"account:{account.public_id}", "", academy=account.academy.slug)
        note_sign_in(
            account,
            SignInResult.OPENED,
            academy=account.academy,
            source=entry.source,
            device=entry.device,
            proofs=tuple(entry.proofs),
        )
        user.last_login = timezone.now()
        user.save(update_fields=["last_login"])


def _not_now(user: User, entry: Entry, decision: Decision, now: int) -> NotNow:
    reference = _refused(user, entry, "one_device", SignInResult.ONE_DEVICE)
    if decision.step is Step.REFUSE:
        return NotNow("one_device", reference=reference)
    return NotNow("one_device_suspended", max(1, decision.until - now), reference)


def _refused(user: User, entry: Entry, why: str, result: SignInResult) -> str:
    account = user.account
    with transaction.atomic():
        reference = refuse(
            why,
            account=account,
            academy=account.academy,
            source=entry.source,
            facts={"device": entry.device, "proofs": " ".join(entry.proofs)},
        )
        note_sign_in(
            account,
            result,
            academy=account.academy,
            source=entry.source,
            device=entry.device,
            proofs=tuple(entry.proofs),
            reference=reference,
        )
    return reference
