"""The send queue: who may send what, undo against the worker, and what each outcome becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from casier.directory.models import Account, Role
from casier.identity.models import User
from casier.mailbox.sending import actions, worker
from casier.mailbox.sending.models import Mark, PendingSend, State
from casier.mailbox.sending.originals import Original
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent, Unfiled, Unknown
from casier.mailbox.sending.submission import Message
from unit.identity_people import BY, academy, lend_mailbox, person

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "claire.lefevre@ac-rouen.fr"


@pytest.fixture(autouse=True)
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What browsers are told, instead of Redis."""
    told: list[str] = []
    monkeypatch.setattr(worker, "_push", lambda row: told.append(row.state))
    monkeypatch.setattr(actions, "_wake", lambda: None)
    worker._take_over.cache_clear()
    return told


@pytest.fixture
def claire() -> Account:
    return person(academy())


def asked(
    email: str = "M1", mailbox: str = KEY, mail_from: str = KEY, to: tuple[str, ...] = ("a@b.fr",)
) -> actions.Asked:
    return actions.Asked(mailbox, email, mail_from, to)


def due() -> None:
    PendingSend.objects.update(next_try_at=timezone.now())


def answering(outcome: Outcome, seen: list[Message] | None = None) -> Callable[[Message], Outcome]:
    def submit(message: Message) -> Outcome:
        if seen is not None:
            seen.append(message)
        return outcome

    return submit


def test_a_message_waits_for_the_time_to_undo_then_leaves(claire: Account, pushed: list[str]) -> None:
    row = actions.queue_send(claire, asked(), BY)
    assert worker.run_due(submitting=answering(Sent())) == 0
    assert timedelta(seconds=9) < row.due_at - timezone.now() <= timedelta(seconds=10)
    assert worker.next_due() == row.due_at
    assert worker.run_due(row.due_at, answering(Sent())) == 1
    row.refresh_from_db()
    assert row.state == State.SENT
    assert pushed == ["sent"]
    assert worker.next_due() is None


def test_what_is_answered_is_known_when_it_leaves_however_late(claire: Account) -> None:
    later = timezone.now() + timedelta(days=3)
    original = ("Q1", Mark.ANSWERED)
    row = actions.queue_send(claire, actions.Asked(KEY, "M1", KEY, ("a@b.fr",), later, original), BY)
    seen: list[Message] = []
    worker.run_due(row.due_at, answering(Sent(), seen))
    assert [message.original for message in seen] == [Original("Q1", "$answered")]


def test_undo_wins_before_and_loses_after(claire: Account) -> None:
    first, second = actions.queue_send(claire, asked("M1"), BY), actions.queue_send(claire, asked("M2"), BY)
    actions.cancel_send(claire, first.id.hex)
    actions.cancel_send(claire, first.id.hex)
    seen: list[Message] = []
    worker.run_due(second.due_at, answering(Sent(), seen))
    assert [message.email_id for message in seen] == ["M2"]
    with pytest.raises(actions.TooLate):
        actions.cancel_send(claire, second.id.hex)


def test_undo_and_claim_at_once_never_both_win(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    claimed = worker._claim(row.due_at)
    assert len(claimed) == 1
    with pytest.raises(actions.TooLate):
        actions.cancel_send(claire, row.id.hex)
    other = actions.queue_send(claire, asked("M2"), BY)
    actions.cancel_send(claire, other.id.hex)
    assert not worker._take(other, other.due_at)


def test_asking_twice_queues_once(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    assert actions.queue_send(claire, asked(), BY).id == row.id
    worker._claim(row.due_at)
    with pytest.raises(actions.SendUnderWay):
        actions.queue_send(claire, asked(), BY)


def test_a_sender_of_ones_own_passes_and_another_does_not(claire: Account) -> None:
    other = person(claire.academy, "Ali", "Benali")
    shared = lend_mailbox(claire.academy, claire, Role.ANSWER)
    for mine in (KEY, "claire.lefevre@ac-normandie.fr", shared):
        assert actions.may_send_as(claire, mine)
    for foreign in ("ali.benali@ac-rouen.fr", "ministre@education.gouv.fr", ""):
        assert not actions.may_send_as(claire, foreign)
    assert not actions.may_send_as(other, shared)
    with pytest.raises(actions.SenderNotYours):
        actions.queue_send(claire, asked(mail_from="ali.benali@ac-rouen.fr"), BY)
    with pytest.raises(actions.SenderNotYours):
        actions.queue_send(other, asked(mail_from="ali.benali@ac-rouen.fr"), BY)


def test_reading_a_mailbox_is_not_writing_as_it(claire: Account) -> None:
    assert not actions.may_send_as(claire, lend_mailbox(claire.academy, claire, Role.READ))


@pytest.mark.parametrize(
    "recipient", ["", "nobody", "a@b.fr\r\nRCPT TO:<c@d.fr>", "a b@c.fr", "<a@b.fr>", "a@b..fr"]
)
def test_what_is_no_address_does_not_reach_the_engines(claire: Account, recipient: str) -> None:
    with pytest.raises(actions.BadRecipient):
        actions.queue_send(claire, asked(to=("a@b.fr", recipient)), BY)


def test_somebody_elses_message_is_not_there(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    other = person(claire.academy, "Ali", "Benali")
    for unknown in (row.id.hex, "zz"):
        with pytest.raises(actions.NoSuchSend):
            actions.cancel_send(other, unknown)
    assert list(actions.recent_sends(other)) == []


def test_a_refusal_is_told_in_words_with_the_engines_reference(claire: Account, pushed: list[str]) -> None:
    row = actions.queue_send(claire, asked(), BY)
    text = "5.7.1 Envoi refuse : cette adresse n'est pas la votre / Sender address is not yours [R-BDUT-HQ4G]"
    worker.run_due(row.due_at, answering(Refused("forbiddenToSend", text)))
    row.refresh_from_db()
    assert row.state == State.REFUSED
    assert row.reason.startswith("Vous ne pouvez pas écrire depuis cette adresse.")
    assert row.reason.endswith("Le message reste dans vos brouillons.")
    assert row.reference == "R-BDUT-HQ4G"
    assert pushed == ["refused"]


def test_the_refusal_speaks_the_persons_language(claire: Account) -> None:
    User.objects.create(account=claire, locale="en")
    row = actions.queue_send(claire, asked(), BY)
    worker.run_due(row.due_at, answering(Refused("forbiddenToSend", "5.7.1 Non / Too many today")))
    row.refresh_from_db()
    assert row.reason == "The mail server answered: “Too many today”. The message stays in your drafts."


def test_what_passes_is_tried_again_later_each_time(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    seen: list[Message] = []
    waits = []
    for _ in range(4):
        due()
        worker.run_due(submitting=answering(Later("451"), seen))
        row.refresh_from_db()
        waits.append(round((row.next_try_at - timezone.now()).total_seconds()))
    assert waits == [3, 6, 12, 24]
    assert not any(message.tried_before for message in seen)
    actions.cancel_send(claire, row.id.hex)


def test_when_nobody_answered_it_is_looked_at_first_and_cannot_be_undone(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    worker.run_due(row.due_at, answering(Unknown("timeout")))
    row.refresh_from_db()
    assert row.next_try_at - timezone.now() > timedelta(seconds=55)
    with pytest.raises(actions.TooLate):
        actions.cancel_send(claire, row.id.hex)
    due()
    seen: list[Message] = []
    worker.run_due(submitting=answering(Sent(), seen))
    assert seen[0].tried_before


def test_what_has_left_is_filed_later_and_never_sent_again(claire: Account, pushed: list[str]) -> None:
    row = actions.queue_send(claire, asked(), BY)
    worker.run_due(row.due_at, answering(Unfiled("store_not_reached")))
    row.refresh_from_db()
    assert row.next_try_at - timezone.now() <= worker.FIRST_DELAY
    with pytest.raises(actions.TooLate):
        actions.cancel_send(claire, row.id.hex)
    seen: list[Message] = []
    due()
    worker.run_due(submitting=answering(Unknown("timeout"), seen))
    due()
    worker.run_due(submitting=answering(Sent(), seen))
    assert [message.has_left for message in seen] == [True, True]
    assert pushed == ["waiting", "waiting", "sent"]


def test_what_has_left_is_never_called_refused(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    past = timezone.now() - timedelta(hours=25)
    PendingSend.objects.update(created_at=past, due_at=past)
    worker.run_due(row.due_at, answering(Unfiled("store_not_reached")))
    row.refresh_from_db()
    assert row.state == State.SENT


def test_what_a_dead_worker_held_is_looked_at_by_the_next(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    worker._claim(row.due_at)
    worker._take_over.cache_clear()
    assert worker.run_due(submitting=answering(Sent())) == 0
    again = worker.next_due()
    assert again is not None
    assert timedelta(seconds=55) < again - timezone.now() <= worker.SETTLED
    seen: list[Message] = []
    assert worker.run_due(again, answering(Sent(), seen)) == 1
    assert seen[0].tried_before


def test_after_a_day_the_person_is_told(claire: Account) -> None:
    row = actions.queue_send(claire, asked(), BY)
    past = timezone.now() - timedelta(hours=25)
    PendingSend.objects.update(created_at=past, due_at=past)
    worker.run_due(row.due_at, answering(Later("451")))
    row.refresh_from_db()
    assert row.state == State.REFUSED
    assert "vingt-quatre heures" in row.reason


def test_what_was_done_with_long_ago_is_forgotten(claire: Account) -> None:
    old, new, waiting = (actions.queue_send(claire, asked(f"M{number}"), BY) for number in range(3))
    now = timezone.now()
    PendingSend.objects.filter(pk=old.pk).update(state=State.SENT, done_at=now - timedelta(days=8))
    PendingSend.objects.filter(pk=new.pk).update(state=State.SENT, done_at=now - timedelta(days=6))
    assert worker.forget_done(now) == 1
    assert set(PendingSend.objects.values_list("pk", flat=True)) == {new.pk, waiting.pk}


def test_a_surprise_in_one_message_leaves_the_others_alone(claire: Account) -> None:
    rows = [actions.queue_send(claire, asked(f"M{number}"), BY) for number in range(3)]

    def submit(message: Message) -> Outcome:
        if message.email_id == "M1":
            raise RuntimeError("surprise")
        return Sent()

    worker.run_due(rows[-1].due_at, submit)
    states = dict(PendingSend.objects.values_list("email_id", "state"))
    assert states == {"M0": State.SENT, "M1": State.WAITING, "M2": State.SENT}
