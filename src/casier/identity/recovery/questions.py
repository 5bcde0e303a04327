"""Secret questions, where a policy still has them: they only ever add to a code that was proved before.

Whoever knows a person knows such answers (ASVS 6.4.2 forbids them as a proof): they open nothing by
themselves and make nothing easier. Answers are kept as passwords are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity import hashers
from casier.identity.history.api import Notice
from casier.identity.recovery import consequences, tickets
from casier.identity.recovery.authority import note
from casier.identity.recovery.models import SecretAnswer
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

CHOSEN = 3
ASKED = 2
LEAST_LENGTH = 4
LONGEST = 120
QUESTIONS: dict[str, Promise] = {
    "school": _("Quel était le nom de votre première école ?"),
    "teacher": _("Quel était le nom de votre premier maître ou de votre première maîtresse ?"),
    "street": _("Dans quelle rue habitiez-vous à dix ans ?"),
    "friend": _("Quel était le prénom de votre meilleur ami d’enfance ?"),
    "animal": _("Quel était le nom de votre premier animal ?"),
    "book": _("Quel livre vous a le plus marqué dans votre jeunesse ?"),
    "holidays": _("Où avez-vous passé vos plus belles vacances d’enfance ?"),
    "job": _("Quel métier vouliez-vous faire à dix ans ?"),
}


class BadAnswers(CasierError):
    """Three different questions with answers of some length, each another, are wanted."""

    code = "bad_answers"


def in_use(account: Account) -> bool:
    """Whether the academy still has secret questions."""
    return "secret_questions" in policy_for(account.academy).recovery.methods


def one_form(answer: str) -> str:
    """ANSWER without accents, capitals, spaces and signs: people don't write them twice the same."""
    plain = unicodedata.normalize("NFKD", answer[:LONGEST]).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def set_answers(account: Account, answers: Mapping[str, Secret], by: Actor, now: datetime) -> None:
    """Keep ANSWERS instead of those of before. Raises BadAnswers."""
    forms = {question: one_form(answer.reveal()) for question, answer in answers.items()}
    good = all(question in QUESTIONS and len(form) >= LEAST_LENGTH for question, form in forms.items())
    if not good or len(forms) != CHOSEN or len(set(forms.values())) != CHOSEN:
        raise BadAnswers
    rows = [
        SecretAnswer(account=account, question=question, encoded=hashers.hashed(form), set_at=now)
        for question, form in forms.items()
    ]
    with transaction.atomic():
        SecretAnswer.objects.filter(account=account).delete()
        SecretAnswer.objects.bulk_create(rows)
        note(by, "questions_set", account, "", now)
        consequences.tell_of(account, Notice.MEANS_CHANGED, {"what": "secret questions"})


def forget_answers(account: Account, by: Actor, now: datetime) -> None:
    """No question is asked of ACCOUNT any more."""
    with transaction.atomic():
        SecretAnswer.objects.filter(account=account).delete()
        note(by, "questions_removed", account, "", now)


def questions_of(account: Account) -> list[str]:
    """The questions that are asked: the same ones each time, so that nobody picks those they know."""
    if not in_use(account):
        return []
    rows = SecretAnswer.objects.filter(account=account).order_by("pk").values_list("question", flat=True)
    return list(rows[:ASKED])


def right(account: Account, answers: Mapping[str, Secret]) -> bool:
    """Whether all ANSWERS are right: three tries in a day, each counted before it is looked at."""
    if not tickets.may_answer(account.public_id):
        return False
    kept = dict(SecretAnswer.objects.filter(account=account).values_list("question", "encoded"))
    asked = questions_of(account)
    nothing = Secret("")
    found = [
        hashers.matches(one_form(answers.get(one, nothing).reveal()), kept.get(one, hashers.no_password()))[0]
        for one in asked
    ]
    correct = bool(asked) and all(found)
    if correct:
        tickets.answered(account.public_id)
    return correct
