"""The lane that sends what was written down: at once, again where that is right, never twice blindly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from casier.directory.access import primary_address
from casier.identity.dispatch import demo_telephone
from casier.identity.dispatch.actions import opened, wake
from casier.identity.dispatch.fate import OVER, Fate
from casier.identity.dispatch.gateways import chosen
from casier.identity.dispatch.gateways.outcome import (
    Gateway,
    Message,
    NotTaken,
    Outcome,
    Refused,
    Taken,
    Unsure,
)
from casier.identity.dispatch.letters import Letter, compose
from casier.identity.dispatch.models import Dispatch, KeptMessage, Kind
from casier.identity.dispatch.post import RefusedForGood, post
from casier.identity.dispatch.sealing import BadSeal
from casier.identity.dispatch.speech import spoken
from casier.kernel.errors import CasierError, Unavailable
from casier.kernel.instance import Instance

log = logging.getLogger(__name__)
# How many are tried at once, and how many of them may be telephones'.
AT_ONCE, RINGING = 12, 8
ROUND = 0.25
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
# A new academy's domain is refused until the engines know it: letters into our own mailboxes wait for that.
NOT_YET_KNOWN = timedelta(hours=1)
SHORTEST_PATIENCE, LONGEST_PATIENCE = 0.1, 15.0
# A claim older than this was a worker's that died.
CLAIM_SECONDS = 120
# Rows tell the help desk what became of something for so long; what the demonstration received stays a day.
KEPT_DAYS = 30
KEPT_AT_DEMO = timedelta(days=1)
TIDY_EVERY = timedelta(minutes=10)
_TELEPHONE = frozenset({Kind.SMS, Kind.VOICE})


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one try."""

    fate: Fate
    reason: str = ""
    gateway: str = ""
    reference: str = ""


@dataclass(slots=True)
class Dispatching:
    """The lane `dispatch`."""

    gateways: list[Gateway]
    receipts: SimpleQueue[tuple[str, str, bool]]
    now: Callable[[], datetime] = timezone.now
    mail: Callable[..., None] = post
    tidy_more: Callable[[datetime], None] = lambda _: None
    _tidied: datetime | None = field(default=None, repr=False)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "dispatch"))
    _trying: dict[Future[Result], Dispatch] = field(default_factory=dict)

    @classmethod
    def of(cls, instance: Instance, tidy_more: Callable[[datetime], None] = lambda _: None) -> Dispatching:
        """With the instance's gateways. TIDY_MORE: what else is forgotten when this lane keeps house."""
        receipts: SimpleQueue[tuple[str, str, bool]] = SimpleQueue()

        def told(gateway: str, reference: str, has_it: bool) -> None:
            receipts.put((gateway, reference, has_it))
            wake()

        return cls(chosen.make_gateways(instance, told), receipts, tidy_more=tidy_more)

    def step(self) -> int:
        """Send what is due, note receipts, keep house; how much was done or is still being tried."""
        done = self._note_receipts() + self._recover()
        for row in self._claim():
            job = self._job(row)
            self._trying[self._pool.submit(self._try, job)] = row
        # What is slow (a gateway that hangs) stays under way while the next round sends the rest.
        finished, _ = wait(self._trying, timeout=ROUND)
        for future in finished:
            self._settle(self._trying.pop(future), future.result())
        self._tidy()
        return done + len(finished) + len(self._trying)

    # Claiming ------------------------------------------------------------------------------------
    def _claim(self) -> list[Dispatch]:
        now = self.now()
        due = Dispatch.objects.filter(state=Fate.WAITING, due_at__lte=now).order_by("due_at")
        claimed: list[Dispatch] = []
        for row in self._as_many_as_fit(due):
            if row.until is not None and row.until <= now:
                self._finish(row, Result(Fate.LATE, row.reason or "late"))
                continue
            mine = Dispatch.objects.filter(pk=row.pk, state=Fate.WAITING)
            if mine.update(state=Fate.SENDING, claimed_at=now, tries=F("tries") + 1):
                row.tries += 1
                claimed.append(row)
        return claimed

    def _as_many_as_fit(self, due: QuerySet[Dispatch]) -> list[Dispatch]:
        """Within what may be under way at once; telephones leave some room, for they may hang."""
        ringing = sum(row.kind in _TELEPHONE for row in self._trying.values())
        calls = due.filter(kind__in=_TELEPHONE)[: max(0, RINGING - ringing)]
        others = AT_ONCE - RINGING - (len(self._trying) - ringing)
        return [*calls, *due.exclude(kind__in=_TELEPHONE)[: max(0, others)]]

    def _recover(self) -> int:
        """What a worker that died held: mail goes again (it is the same message), a text message doesn't."""
        old = Dispatch.objects.filter(
            state=Fate.SENDING, claimed_at__lt=self.now() - timedelta(seconds=CLAIM_SECONDS)
        )
        again = old.exclude(kind__in=_TELEPHONE).update(state=Fate.WAITING)
        lost = list(old.filter(kind__in=_TELEPHONE))
        for row in lost:
            self._finish(row, Result(Fate.DOUBTFUL, "interrupted", row.gateway))
        return again + len(lost)

    def _job(self, row: Dispatch) -> _Job:
        """What the network part needs, read here: threads of the pool have no connection to the database."""
        if _kept_here(row):
            return _Job(row, trouble=Result(Fate.SENT, gateway="demo"))
        try:
            to, content = opened(row)
            if row.kind in _TELEPHONE:
                return _Job(row, message=_message(row, to, content), awake=self._awake(row.kind))
            to = primary_address(row.account) if row.kind == Kind.MAILBOX and row.account else to
            letter = Letter.from_data(content)
            return _Job(row, letter=letter, to=to, mail=compose(letter, to, row.academy, row.id.hex))
        except (BadSeal, ValueError, KeyError, TypeError) as error:
            # One row that can't be read must not keep the others waiting.
            return _Job(row, trouble=Result(Fate.FAILED, type(error).__name__))
        except (Unavailable, LookupError, CasierError) as error:
            return _Job(row, trouble=Result(Fate.WAITING, type(error).__name__))

    def _awake(self, kind: str) -> list[Gateway]:
        """The gateways to ask, in order: those that rest come last."""
        able = [one for one in self.gateways if one.carries(kind)]
        up = set(chosen.awake([one.name for one in able]))
        return sorted(able, key=lambda one: one.name not in up)

    # Trying (in the pool) ------------------------------------------------------------------------
    def _try(self, job: _Job) -> Result:
        try:
            if job.trouble:
                return job.trouble
            if job.message is not None:
                return self._telephone(job, job.message)
            return self._mail(job)
        except Exception as error:
            # What it was about is never in the log: the row's id finds it.
            log.error("dispatch %s: %s", job.row.id.hex, type(error).__name__)
            return Result(Fate.DOUBTFUL if job.message else Fate.WAITING, type(error).__name__)

    def _mail(self, job: _Job) -> Result:
        try:
            self.mail(job.mail)
        except RefusedForGood as error:
            own = job.row.kind == Kind.MAILBOX and self.now() - job.row.created_at < NOT_YET_KNOWN
            return Result(Fate.WAITING if own else Fate.FAILED, f"refused ({error})"[:60])
        except Unavailable as error:
            # Sent twice, it would be one message: its Message-ID is the same.
            return Result(Fate.WAITING, str(error)[:60])
        return Result(Fate.SENT, gateway="postfix")

    def _telephone(self, job: _Job, message: Message) -> Result:
        if job.row.gateway:
            return self._same_again(job, message)
        last = Result(Fate.WAITING, "no_gateway")
        for gateway in job.awake:
            outcome = gateway.send(message)
            last = _result(gateway, outcome)
            if not isinstance(outcome, NotTaken):
                return last
            if outcome.rests:
                chosen.let_rest(gateway.name)
        return Result(last.fate, last.reason)

    def _same_again(self, job: _Job, message: Message) -> Result:
        """It may lie at this gateway already, which drops a second one: no other is asked."""
        for gateway in job.awake:
            if gateway.name == job.row.gateway:
                outcome = gateway.send(message)
                result = _result(gateway, outcome)
                return Result(result.fate, result.reason, gateway.name, result.reference)
        return Result(Fate.DOUBTFUL, "gateway_gone", job.row.gateway)

    # Settling ------------------------------------------------------------------------------------
    def _settle(self, row: Dispatch, result: Result) -> None:
        if result.fate is Fate.WAITING:
            pause = min(FIRST_WAIT * 2 ** min(row.tries - 1, 12), LONGEST_WAIT)
            due = self.now() + timedelta(seconds=pause)
            if row.until is not None and due >= row.until:
                # Too late by then: told now, so that the person can ask for another.
                late = Fate.DOUBTFUL if result.gateway and row.kind in _TELEPHONE else Fate.LATE
                self._finish(row, Result(late, result.reason, result.gateway))
                return
            Dispatch.objects.filter(pk=row.pk).update(
                state=Fate.WAITING, due_at=due, reason=result.reason, gateway=result.gateway
            )
            log.warning("dispatch %s waits: %s", row.id.hex, result.reason)
            return
        if result.gateway == "demo":
            self._keep(row)
        self._finish(row, result)

    def _finish(self, row: Dispatch, result: Result) -> None:
        """Nothing more is to be done: to whom and what is erased."""
        Dispatch.objects.filter(pk=row.pk).update(
            state=result.fate,
            reason=result.reason[:60],
            gateway=result.gateway,
            gateway_ref=result.reference[:100],
            to_sealed=None,
            content_sealed=None,
            done_at=self.now(),
        )
        if result.fate not in {Fate.SENT, Fate.DELIVERED}:
            log.warning("dispatch %s (%s) is %s: %s", row.id.hex, row.kind, result.fate, result.reason)

    def _keep(self, row: Dispatch) -> None:
        to, content = opened(row)
        if row.kind in _TELEPHONE:
            demo_telephone.keep(to, Kind(row.kind), _message(row, to, content).text)
            return
        letter = Letter.from_data(content)
        mail = compose(letter, to, row.academy, row.id.hex)
        body = mail.get_body(("plain",))
        text = str(body.get_content()) if body is not None else ""
        demo_telephone.keep(to, Kind.MAIL, text, letter.subject)

    def _note_receipts(self) -> int:
        noted = 0
        while True:
            try:
                gateway, reference, has_it = self.receipts.get_nowait()
            except Empty:
                return noted
            rows = Dispatch.objects.filter(gateway=gateway, gateway_ref=reference, state=Fate.SENT)
            fate = Fate.DELIVERED if has_it else Fate.FAILED
            noted += rows.update(state=fate, reason="" if has_it else "not delivered")

    def _tidy(self) -> None:
        now = self.now()
        if self._tidied is not None and now - self._tidied < TIDY_EVERY:
            return
        self._tidied = now
        Dispatch.objects.filter(state__in=OVER, done_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
        KeptMessage.objects.filter(at__lt=now - KEPT_AT_DEMO).delete()
        self.tidy_more(now)

    def patience(self) -> float:
        """How long the lane waits for a wake (seconds): until what waits is due."""
        row = Dispatch.objects.filter(state=Fate.WAITING).order_by("due_at").first()
        left = (row.due_at - self.now()).total_seconds() if row else LONGEST_PATIENCE
        return max(SHORTEST_PATIENCE, min(left, LONGEST_PATIENCE))


@dataclass(frozen=True, slots=True, repr=False)
class _Job:
    row: Dispatch
    to: str = ""
    letter: Letter | None = None
    mail: object = None
    message: Message | None = None
    awake: list[Gateway] = field(default_factory=list)
    trouble: Result | None = None


def _message(row: Dispatch, to: str, content: dict[str, object]) -> Message:
    if row.kind == Kind.SMS:
        return Message(row.id.hex, "sms", to, str(content["text"]))
    code, language = str(content["code"]), str(content["language"])
    return Message(row.id.hex, "voice", to, spoken(code, language), code, language)


def _result(gateway: Gateway, outcome: Outcome) -> Result:
    """What the row becomes, by what the gateway said."""
    match outcome:
        case Taken(reference):
            return Result(Fate.SENT, "", gateway.name, reference)
        case Refused(reason):
            return Result(Fate.FAILED, reason, gateway.name)
        case NotTaken(reason):
            return Result(Fate.WAITING, reason)
        case Unsure(reason):
            return Result(Fate.WAITING if gateway.harmless else Fate.DOUBTFUL, reason, gateway.name)


def _kept_here(row: Dispatch) -> bool:
    """Whether the demonstration's own telephone takes it: nothing of a demonstration goes outside."""
    if row.kind == Kind.MAILBOX or not chosen.on_demonstration():
        return False
    held = settings.CASIER_INSTANCE.settings
    return row.kind != Kind.MAIL or (held.get("outside", "hold") == "hold" and not held.get("relayhost"))
