"""The facts about a sign-in that has been proved, what is told of it, and what is learnt from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casier.audit.actors import Actor
from casier.audit.api import record
from casier.directory.actions.accounts import suspend
from casier.directory.models import Account
from casier.identity.entry.road import Entry
from casier.identity.guard import knowing, lanes
from casier.identity.guard.models import Habits, KnownDevice
from casier.identity.guard.places import place_of
from casier.identity.guard.unusual import Facts, Judgement, Place, at_night, judge
from casier.identity.history.api import Notice, tell
from casier.identity.redis_link import answering
from casier.policies.api import policy_for
from casier.policies.policy import Policy, UnusualSign

GUARD = Actor.system("guard")


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a sign-in, and what the policy makes of it."""

    facts: Facts
    judgement: Judgement


def look_at(account: Account, entry: Entry, known: bool, now: float, policy: Policy) -> Sight:
    """Look at a sign-in of ACCOUNT."""
    habits = Habits.objects.filter(account=account).first()
    with answering() as redis:
        failures = int(redis.get(lanes.recent_key(account.public_id)) or 0)
    facts = Facts(
        now=now,
        hour=timezone.localtime(datetime.fromtimestamp(now, UTC)).hour,
        known_device=known,
        has_devices=known or KnownDevice.objects.filter(account=account).exists(),
        place=place_of(entry.source),
        last_place=Place("", habits.latitude, habits.longitude) if habits else Place(),
        last_placed_at=habits.last_placed_at.timestamp() if habits and habits.last_placed_at else None,
        nights=habits.nights if habits else 0,
        failures=failures,
    )
    return Sight(facts, judge(facts, policy))


def act_on(account: Account, entry: Entry, sight: Sight) -> bool:
    """Tell the person what was unusual, or suspend the account at once. True when it is suspended now."""
    judgement = sight.judgement
    if judgement.act == "nothing":
        return False
    with transaction.atomic():
        told = {
            "device": entry.device,
            "source": entry.source,
            "place": sight.facts.place.country,
            "reason": in_words(judgement.signs),
        }
        record(
            GUARD, "identity.unusual_sign_in", f"account:{account.public_id}", ", ".join(judgement.signs),
            academy=account.academy.slug, source=entry.source,
        )  # fmt: skip
        if judgement.act == "lock":
            # Told before: afterwards the mailbox can't be opened to read it, the other means can.
            tell(account, Notice.UNUSUAL, told)
            suspend(account, by=GUARD, reason=", ".join(judgement.signs), now=timezone.now())
            tell(account, Notice.SUSPENDED, told)
            return True
        new_only = judgement.signs == ("new_device",)
        tell(account, Notice.NEW_DEVICE if new_only else Notice.UNUSUAL, told)
    return False


def learn_from(account: Account, facts: Facts, policy: Policy) -> None:
    """Remember what a sign-in that opened shows of the person's habits."""
    at = datetime.fromtimestamp(facts.now, UTC)
    night = at_night(facts.hour, policy)
    with transaction.atomic():
        habits = Habits.objects.select_for_update().filter(account=account).first()
        if habits is None:
            habits = Habits(account=account)
        habits.last_at = at
        habits.sign_ins += 1
        habits.nights += int(night)
        if facts.place.latitude is not None and facts.place.longitude is not None:
            habits.last_placed_at = at
            habits.latitude, habits.longitude = facts.place.latitude, facts.place.longitude
        habits.save()
    with answering() as redis:
        redis.delete(lanes.recent_key(account.public_id))


def unusual_signs(account: Account, entry: Entry, cookie: str, now: float) -> tuple[UnusualSign, ...]:
    """What is unusual about an entry that is still on its way: for who asks a second factor because of it."""
    known = bool(knowing.recognised(cookie, account, now)) if cookie else bool(entry.known_device)
    return look_at(account, entry, known, now, policy_for(account.academy)).judgement.signs


def in_words(signs: tuple[UnusualSign, ...]) -> str:
    """What was unusual, for the person."""
    words: dict[UnusualSign, str] = {
        "new_device": _("un appareil que vous n’aviez pas encore utilisé"),
        "country": _("un pays d’où vous ne vous connectez pas d’habitude"),
        "travel": _("un lieu trop éloigné du précédent pour le temps écoulé"),
        "hour": _("une heure de la nuit"),
        "failures": _("plusieurs essais manqués juste avant"),
    }
    return ", ".join(words[sign] for sign in signs)
