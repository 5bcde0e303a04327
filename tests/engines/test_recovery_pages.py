"""Coming back in by the pages, with a real Redis and database: link, code, letter; what follows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.api import create_app_password, live_app_passwords
from casier.identity.history.models import NoticeSent
from casier.identity.means.models import Means
from casier.identity.recovery import letters, questions
from casier.identity.recovery.models import DeskRequest, Letter, LetterState, RecoveryLink, SecretAnswer
from casier.kernel.secret import Secret
from engines.factors_scene import code_of, enrolled
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in, signed_in
from engines.recovery_scene import (
    BACKUP,
    EVERYTHING,
    NEW,
    Outside,
    ask,
    choose_password,
    desk,
    outside,
    post,
    reachable,
    rules,
)
from unit.identity_people import BY, PASSWORD

__all__ = ["browser", "claire", "emptied", "outside", "reachable", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
ADDRESS = ("12 rue des Tilleuls", "76000 ROUEN")


def notices(account: Account) -> set[str]:
    return set(NoticeSent.objects.filter(account=account).values_list("notice", flat=True))


def test_a_link_leads_to_a_new_password_and_shuts_what_was_open(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    elsewhere = new_browser()
    sign_in(elsewhere)
    assert signed_in(elsewhere)
    create_app_password(reachable, "Thunderbird", BY)
    ask(browser, "lien")
    outside.work()
    path = outside.link()
    assert browser.get(path, secure=True).status_code == 200
    assert RecoveryLink.objects.get().used_at is None  # a look does nothing
    assert post(browser, path).headers["Location"] == "/connexion/mot-de-passe/"
    assert signed_in(elsewhere)  # a link alone disturbs nobody
    choose_password(browser)
    assert signed_in(browser)
    assert not signed_in(elsewhere)
    assert len(live_app_passwords(reachable)) == 1
    assert {"recovery_asked", "recovered"} <= notices(reachable)
    told = NoticeSent.objects.get(account=reachable, notice="recovered")
    assert told.not_by == Means.objects.get(account=reachable, kind="mail").id.hex
    assert not signed_in_with(PASSWORD)
    assert signed_in_with(NEW)


def signed_in_with(password: str) -> bool:
    fresh = new_browser()
    sign_in(fresh, password=password)
    return signed_in(fresh)


def test_application_passwords_end_where_the_policy_says_so(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    rules(reachable.academy, recovery={"app_passwords": "end"})
    create_app_password(reachable, "Thunderbird", BY)
    ask(browser, "lien")
    outside.work()
    post(browser, outside.link())
    choose_password(browser)
    assert signed_in(browser)
    assert not live_app_passwords(reachable)


@pytest.mark.parametrize("way", ["sms", "courriel"])
def test_a_code_leads_to_a_new_password(
    browser: Client, reachable: Account, outside: Outside, way: str
) -> None:
    assert ask(browser, way).headers["Location"] == "/oubli/code/"
    outside.work()
    code = outside.code() if way == "sms" else code_from(outside.mails(BACKUP))
    wrong = post(browser, "/oubli/code/", code="000000" if code != "000000" else "111111")
    assert wrong.status_code == 422
    assert re.search(r"R-\w{4}-\w{4}", wrong.content.decode())
    assert post(browser, "/oubli/code/", code=code).headers["Location"] == "/connexion/mot-de-passe/"
    choose_password(browser)
    assert signed_in(browser)


def code_from(mails: list[str]) -> str:
    found = [re.search(r"\b(\d{4}) (\d{4})\b|\b(\d{6})\b", text) for text in mails]
    return "".join(part for part in [match for match in found if match][-1].groups() if part)


def test_a_lock_opens_with_the_new_password(browser: Client, reachable: Account, outside: Outside) -> None:
    stranger = new_browser()
    for number in range(6):
        sign_in(stranger, password=f"faux-mot-de-passe-{number}")
    assert not signed_in_with(PASSWORD)
    ask(browser, "lien")
    outside.work()
    post(browser, outside.link())
    choose_password(browser)
    assert signed_in_with(NEW)


def test_a_second_factor_is_asked_all_the_same(browser: Client, reachable: Account, outside: Outside) -> None:
    rules(reachable.academy, second_factor={"requirement": "required", "trusted_days": 0})
    secret = enrolled(reachable)
    ask(browser, "lien")
    outside.work()
    answer = post(browser, outside.link())
    assert answer.headers["Location"] == "/connexion/second-facteur/"
    assert choose_password(browser).headers.get("Location") != "/courrier/"
    assert not signed_in(browser)
    post(browser, "/connexion/second-facteur/", code=code_of(secret))
    choose_password(browser)
    assert signed_in(browser)


def test_a_factor_that_is_asked_in_some_places_only_is_asked_here_everywhere(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    enrolled_before = {"requirement": "contextual", "contexts": ("role",)}
    rules(reachable.academy, second_factor=enrolled_before)
    enrolled(reachable)
    ask(browser, "lien")
    outside.work()
    assert post(browser, outside.link()).headers["Location"] == "/connexion/second-facteur/"


def test_a_letter_goes_from_the_question_to_the_mailbox(
    browser: Client, reachable: Account, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    draw = letters.letter_code.draw

    def noted() -> object:
        code = draw()
        printed.append(code.reveal())
        return code

    monkeypatch.setattr(letters.letter_code, "draw", noted)
    assert ask(browser, "lettre").headers["Location"] == "/oubli/envoye/"
    outside.work()
    letter = Letter.objects.get()
    assert (letter.state, letter.mac) == (LetterState.ASKED, "")
    _, denis = desk(reachable.academy)
    letters.approve_letter(letter.id.hex, denis, address=ADDRESS)
    pdf = letters.print_letters([letter.id.hex], denis)
    assert pdf.startswith(b"%PDF-")
    assert_nowhere_but_on_paper(printed[0])
    letters.mark_posted(letter.id.hex, denis)
    letter.refresh_from_db()
    assert (letter.state, letter.address) == (LetterState.POSTED, [])
    miscopied = post(browser, "/oubli/lettre/", identifiant="claire.lefevre", code="ABCD-EFGH-JKMN-PQRS")
    assert miscopied.status_code == 422
    again = post(browser, "/oubli/lettre/", identifiant="claire.lefevre", code=printed[0].lower())
    assert again.headers["Location"] == "/connexion/mot-de-passe/"
    choose_password(browser)
    assert signed_in(browser)
    letter.refresh_from_db()
    assert (letter.state, letter.mac) == (LetterState.USED, "")
    assert (
        post(new_browser(), "/oubli/lettre/", identifiant="claire.lefevre", code=printed[0]).status_code
        == 422
    )


def assert_nowhere_but_on_paper(code: str) -> None:
    kept = [str(value) for row in Letter.objects.values() for value in row.values()]
    kept += [str(facts) for facts in JournalEntry.objects.values_list("reason", "payload__facts")]
    assert not any(code in text or code.replace("-", "") in text for text in kept)


def test_a_letter_expires(browser: Client, reachable: Account) -> None:
    _, denis = desk(reachable.academy)
    letter = letters.ask_letter(reachable, denis, "téléphone perdu", address=ADDRESS)
    letters.print_letters([letter.id.hex], denis)
    Letter.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [one.state for one in letters.letters(reachable.academy)] == [LetterState.EXPIRED]
    with pytest.raises(letters.WrongStep):
        letters.mark_posted(letter.id.hex, denis)


def test_a_letter_stands_for_a_lost_factor_only_where_the_desk_says_so(
    browser: Client, reachable: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(reachable.academy, second_factor={"requirement": "required"})
    enrolled(reachable)
    _, denis = desk(reachable.academy)
    for resets, after in ((False, "/connexion/second-facteur/"), (True, "/connexion/mot-de-passe/")):
        code = letters.letter_code.draw()
        monkeypatch.setattr(letters.letter_code, "draw", lambda code=code: code)
        letter = letters.ask_letter(reachable, denis, "perdu", address=ADDRESS, resets_factors=resets)
        letters.print_letters([letter.id.hex], denis)
        fresh = new_browser()
        answer = post(fresh, "/oubli/lettre/", identifiant="claire.lefevre", code=code.reveal())
        assert answer.headers["Location"] == after


def test_the_desk_opens_the_reference_it_is_told(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    ask(browser, "assistance")
    page = browser.get("/oubli/assistance/", secure=True).content.decode()
    reference = re.search(r"R-\w{4}-\w{4}", page)
    assert reference
    assert DeskRequest.objects.get().account is None
    outside.work()
    assert DeskRequest.objects.get(reference=reference[0]).account == reachable


def test_an_end_of_the_way_is_told_not_forgotten(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    """The telephone replaced the password: it can't be the second factor, too."""
    rules(reachable.academy, second_factor={"requirement": "required", "methods": ("sms", "webauthn")})
    from casier.identity.factors.actions import enrol_telephone
    from casier.identity.means.api import reaches

    enrol_telephone(reachable, reaches(reachable, ("sms",))[0], BY, timezone.now())
    ask(browser, "sms")
    outside.work()
    answer = post(browser, "/oubli/code/", code=outside.code())
    assert answer.status_code == 403
    assert "Ce téléphone ne suffit pas" in answer.content.decode()
    assert sessions.live_sessions(reachable.public_id, 0) == []
    assert browser.get("/connexion/mot-de-passe/", secure=True).status_code == 302


ANSWERS = {"school": "Jules-Ferry", "street": "Rue du Général Leclerc", "animal": "Médor"}


def with_questions(account: Account) -> None:
    rules(account.academy, recovery={"methods": (*EVERYTHING, "secret_questions")})
    answers = {question: Secret(answer) for question, answer in ANSWERS.items()}
    questions.set_answers(account, answers, BY, timezone.now())


def test_secret_questions_are_asked_beside_a_code_and_never_instead(
    browser: Client, reachable: Account, outside: Outside
) -> None:
    with_questions(reachable)
    assert browser.get("/oubli/questions/", secure=True).headers["Location"] == "/oubli/"
    ask(browser, "sms")
    outside.work()
    assert post(browser, "/oubli/code/", code=outside.code()).headers["Location"] == "/oubli/questions/"
    assert browser.get("/connexion/mot-de-passe/", secure=True).status_code == 302
    assert post(browser, "/oubli/questions/", school="jules ferry", street="autre").status_code == 422
    right = post(browser, "/oubli/questions/", school="JULES FERRY ", street="rue du general-leclerc")
    assert right.headers["Location"] == "/connexion/mot-de-passe/"


def test_secret_questions_have_three_tries(browser: Client, reachable: Account, outside: Outside) -> None:
    with_questions(reachable)
    ask(browser, "sms")
    outside.work()
    post(browser, "/oubli/code/", code=outside.code())
    for _ in range(3):
        assert post(browser, "/oubli/questions/", school="a", street="b").status_code == 422
    right = {name: ANSWERS[name] for name in ("school", "street")}
    assert post(browser, "/oubli/questions/", **right).status_code == 422


def test_answers_are_kept_as_passwords_and_chosen_with_care(reachable: Account) -> None:
    with_questions(reachable)
    kept = str(list(SecretAnswer.objects.values()))
    assert "argon2" in kept
    assert not any(questions.one_form(answer) in kept for answer in ANSWERS.values())
    same, short = dict.fromkeys(ANSWERS, Secret("pareil")), dict.fromkeys(ANSWERS, Secret("ab"))
    for bad in (same, short, {}, {"unknown": Secret("Jules-Ferry")}):
        with pytest.raises(questions.BadAnswers):
            questions.set_answers(reachable, bad, BY, timezone.now())


def test_questions_are_set_in_ones_account_while_the_policy_has_them(
    browser: Client, reachable: Account
) -> None:
    sign_in(browser)
    assert browser.get("/compte/questions/", secure=True).status_code == 404
    rules(reachable.academy, recovery={"methods": (*EVERYTHING, "secret_questions")})
    fields = {}
    for number, (question, answer) in enumerate(ANSWERS.items(), 1):
        fields |= {f"question-{number}": question, f"reponse-{number}": answer}
    assert post(browser, "/compte/questions/", **fields | {"reponse-1": "ab"}).status_code == 422
    assert post(browser, "/compte/questions/", **fields).status_code == 302
    assert questions.questions_of(reachable) == ["school", "street"]
    post(browser, "/compte/questions/", retirer="1")
    assert questions.questions_of(reachable) == []
