"""What is done about the questions that pages have queued: whoever it is about is looked up here alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casier.audit.api import Actor
from casier.directory.life import ENDED, IN_USE
from casier.directory.models import Academy, Account
from casier.identity.dispatch.api import Letter as Message
from casier.identity.dispatch.api import language_of
from casier.identity.history.api import Notice
from casier.identity.means import api as means
from casier.identity.means.api import CodePurpose, Reach, TooManyCodes
from casier.identity.names import find_account
from casier.identity.recovery import consequences, finishing, links, requests, tickets
from casier.identity.recovery.actions import WrongStep
from casier.identity.recovery.letters import ask_letter
from casier.identity.recovery.tickets import Question, Wish
from casier.kernel.errors import CasierError
from casier.policies.api import policy_for

log = logging.getLogger(__name__)
# What a policy calls the wish.
_METHODS = {Wish.LINK: "backup_link", Wish.CODE: "temporary_code", Wish.LETTER: "letter"}


def step() -> int:
    """Answer every question that waits; how many there were."""
    done = 0
    while (question := tickets.next_question()) is not None:
        done += 1
        _answer(question)
    if tickets.may_tidy():
        finishing.forget_old(timezone.now())
    return done


def _answer(question: Question) -> None:
    account = find_account(question.name, Academy.objects.filter(slug=question.academy).first())
    if account is None or not _may(account, question.wish):
        return
    try:
        _ACTS[question.wish](account, question)
    except TooManyCodes:
        log.info("no more codes for %s for now", account.public_id)
    except CasierError as error:
        # The page offers to ask again; what comes much later would be worth nothing.
        log.warning("%s of %s: %s (%s)", question.wish, account.public_id, error, error.reference)


def _may(account: Account, wish: Wish) -> bool:
    """Whether ACCOUNT has this way by its own academy's policy; a closed one has none at all.

    Only who has come in before can have lost the way; the others have theirs to activate.
    """
    if account.state in ENDED:
        return False
    if wish in {Wish.DESK, Wish.REPAIR}:
        return True
    return account.state in IN_USE and _METHODS[wish] in policy_for(account.academy).recovery.methods


def _send_link(account: Account, question: Question) -> None:
    reach = _reach(account, ("mail",))
    if reach is None or not tickets.may_send(account.public_id, Wish.LINK):
        return
    now = timezone.now()
    with transaction.atomic():
        address = links.make_link(account, reach.id, now)
        hours = policy_for(account.academy).recovery.link_hours
        message = _link_message(account, address.reveal(), hours)
        means.write_to(account, reach, message, why="recovery", until=now + timedelta(hours=hours))
        _tell_asked(account, question, reach)


def _send_code(account: Account, question: Question) -> None:
    reach = _reach(account, (question.by,))
    if reach is None or not tickets.may_send(account.public_id, question.wish):
        return
    purpose = CodePurpose.REPAIR if question.wish is Wish.REPAIR else CodePurpose.RECOVERY
    challenge = means.send_code(account, reach, purpose, source=question.source, language=question.language)
    tickets.note_sent(question.ticket, challenge, reach.id)
    if question.wish is Wish.CODE:
        with transaction.atomic():
            _tell_asked(account, question, reach)


def _ask_letter(account: Account, question: Question) -> None:
    if not tickets.may_send(account.public_id, Wish.LETTER):
        return
    try:
        with transaction.atomic():
            ask_letter(account, Actor("visitor", question.source), "asked by the person at the sign-in page")
            _tell_asked(account, question, None)
    except WrongStep:
        log.info("a letter to %s is on its way", account.public_id)


def _attach(account: Account, question: Question) -> None:
    requests.attach(question.reference, account)


_ACTS: dict[Wish, Callable[[Account, Question], None]] = {
    Wish.LINK: _send_link,
    Wish.CODE: _send_code,
    Wish.REPAIR: _send_code,
    Wish.LETTER: _ask_letter,
    Wish.DESK: _attach,
}


def _reach(account: Account, kinds: tuple[str, ...]) -> Reach | None:
    return next(iter(means.reaches(account, kinds)), None)


def _tell_asked(account: Account, question: Question, reach: Reach | None) -> None:
    """The person learns of it by another road than the one that leads in."""
    consequences.tell_of(
        account, Notice.RECOVERY_ASKED, {"source": question.source}, reach.id if reach else ""
    )


def _link_message(account: Account, address: str, hours: int) -> Message:
    language = language_of(account)
    with translation.override(language):
        return Message(
            subject=_("Retrouver l’accès à votre compte"),
            paragraphs=(
                _("Bonjour,"),
                _(
                    "Quelqu’un, vous sans doute, a indiqué avoir oublié le mot de passe de votre compte de "
                    "messagerie professionnelle (%(academy)s)."
                )
                % {"academy": account.academy.name},
                _(
                    "Ce lien vous mène au choix d’un nouveau mot de passe. Il sert une fois, "
                    "dans les %(hours)d heures."
                )
                % {"hours": hours},
                _(
                    "Vous n’avez rien demandé ? Ne l’ouvrez pas et ne le transmettez à personne : sans lui, "
                    "votre mot de passe reste ce qu’il est."
                ),
            ),
            language=language,
            link=(_("Choisir un nouveau mot de passe"), address),
        )
