"""What used an application password, and programs that wait for its owner: edge, Redis, worker and pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.edge.mail_auth import MailDoor, MailLogin, Refused, Welcome
from casier.edge.records import Records, connect
from casier.edge.stores import Store
from casier.edge.tokens import Tokens
from casier.identity.api import NewAppPassword, create_app_password, publish_account
from casier.identity.app_passwords import programs
from casier.identity.cli import app as app_password
from casier.identity.entry import standing
from casier.identity.factors.api import Wanted
from casier.identity.history import api as history
from casier.identity.models import AppPassword, MailProgram, ProgramState
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.programs import MOST_TOLD, USED, WAITING
from casier.kernel.secret import Secret
from casier.policies.api import adopt, policy_for
from casier.portal.factors import stepping
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
LIST = "/compte/mots-de-passe/"
HOME, ABROAD = "192.0.2.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def nothing_else_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents, second factors and means have tests of their own."""
    for room, name in (("activation", "documents_due"), ("means", "means_wanted"), ("means", "check_due")):
        monkeypatch.setattr(getattr(standing, room), name, lambda *_: False)
    monkeypatch.setattr(standing.activation, "details_wanted", lambda *_: False)
    monkeypatch.setattr(standing.activation, "memo_wanted", lambda *_: False)
    monkeypatch.setattr(standing.factors, "at_entry", lambda *_: Wanted())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """What people are told."""
    notices: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(history, "tell", lambda _who, notice, facts, **_: notices.append((notice, facts)))
    return notices


def policy(account: Account, **changed: Any) -> None:
    now = policy_for(account.academy)
    changed_policy = msgspec.structs.replace(
        now, app_passwords=msgspec.structs.replace(now.app_passwords, **changed)
    )
    adopt(account.academy, changed_policy, by=BY, reason="tests", now=timezone.now())


def knock(
    made: NewAppPassword, address: str = HOME, protocol: str = "imap", at: float | None = None
) -> Welcome | Refused:
    """A mail program at the edge, with the right password."""

    async def ask() -> Welcome | Refused:
        connection = connect(settings.REDIS_SOCKET)
        try:
            key = settings.CASIER_INSTANCE.key("app-password")
            stores = {store: Store("127.0.0.1", 18143, "lmtp:unix:/x")}
            door = MailDoor(Records(connection), Tokens(b"t" * 32), key, stores, {"smtp": 18465})
            login = MailLogin(user, made.password, protocol, address, True)
            return await door.may_sign_in(login, timezone.now().timestamp() if at is None else at)
        finally:
            await connection.aclose()

    user, store = made.row.account.addresses.get(is_primary=True).address, made.row.account.store.name
    redis().set(published.COMPLETE, "1")
    return asyncio.run(ask())


def page(browser: Client, path: str = LIST) -> str:
    return str(browser.get(path, secure=True).content.decode())


def made_for(account: Account, name: str = "Téléphone") -> NewAppPassword:
    made = create_app_password(account, name, BY)
    publish_account(account)
    return made


def test_the_last_use_is_shown_and_kept(browser: Client, claire: Account) -> None:
    made = made_for(claire)
    sign_in(browser)
    assert "Jamais utilisé" in page(browser)
    assert isinstance(knock(made, ABROAD), Welcome)
    shown = page(browser)
    assert "Dernière utilisation le" in shown
    assert "lecture du courrier, depuis l’adresse 203.0.113.9" in shown
    assert programs.keep_uses(timezone.now()) == 1
    redis().flushdb()
    row = AppPassword.objects.get()
    assert (row.used_from, row.used_protocol) == (ABROAD, "imap")


def test_the_last_use_is_written_once_a_minute(claire: Account) -> None:
    made = made_for(claire)
    now = timezone.now().timestamp()
    for seconds in (0, 20, 40, 59):
        knock(made, at=now + seconds, address=f"192.0.2.{seconds}")
    assert redis().hget(f"{USED}:{made.row.id.hex}", "address") == "192.0.2.0"
    knock(made, at=now + 61, address="192.0.2.61")
    assert redis().hget(f"{USED}:{made.row.id.hex}", "address") == "192.0.2.61"


def test_a_wrong_password_is_no_use(claire: Account) -> None:
    made = made_for(claire)
    wrong = NewAppPassword(made.row, Secret("aaaa-bbbb-cccc-dddd-eeee-ffff"))
    assert isinstance(knock(wrong), Refused)
    assert not redis().exists(f"{USED}:{made.row.id.hex}")


def test_a_new_program_waits_for_its_owner(
    browser: Client, claire: Account, told: list[tuple[str, dict[str, str]]]
) -> None:
    policy(claire, approval="new_client")
    made = made_for(claire)
    told.clear()
    held = knock(made, ABROAD)
    assert isinstance(held, Refused)
    assert held.temporary
    assert held.text.startswith("[UNAVAILABLE] ")
    assert held.text.isascii()
    assert isinstance(knock(made, ABROAD), Refused)
    assert programs.tell_waiting() == 1
    assert [notice for notice, _ in told] == [history.Notice.APP_PASSWORD_WAITS]
    sign_in(browser)
    assert "Un logiciel attend votre accord" in page(browser)
    waits = MailProgram.objects.get()
    answer = browser.post(f"{LIST}logiciel/{waits.id}/", {"reponse": "oui"}, secure=True, follow=True)
    assert "le logiciel est accepté" in answer.content.decode()
    assert isinstance(knock(made, ABROAD), Welcome)
    assert isinstance(knock(made, ABROAD, "smtp"), Welcome)  # the same program, the same place
    assert isinstance(knock(made, "198.51.100.1"), Refused)
    assert JournalEntry.objects.filter(action="identity.mail_program_approved").exists()


def test_a_refused_program_stays_out_and_tells_nobody_again(
    browser: Client, claire: Account, told: list[tuple[str, dict[str, str]]]
) -> None:
    policy(claire, approval="new_client")
    made = made_for(claire)
    knock(made, ABROAD)
    programs.tell_waiting()
    sign_in(browser)
    waits = MailProgram.objects.get()
    browser.post(f"{LIST}logiciel/{waits.id}/", {"reponse": "non"}, secure=True)
    told.clear()
    redis().delete(*redis().scan_iter("casier:program-waits:*"))
    assert isinstance(knock(made, ABROAD), Refused)
    programs.tell_waiting()
    assert told == []
    waits.refresh_from_db()
    assert waits.state == ProgramState.REFUSED
    assert "attend votre accord" not in page(browser)


def test_nobody_answers_for_somebody_elses_program(claire: Account) -> None:
    policy(claire, approval="new_client")
    made = made_for(claire)
    knock(made, ABROAD)
    programs.tell_waiting()
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    other.post(f"{LIST}logiciel/{MailProgram.objects.get().id}/", {"reponse": "oui"}, secure=True)
    assert MailProgram.objects.get().state == ProgramState.WAITS
    assert isinstance(knock(made, ABROAD), Refused)


def test_a_stolen_password_tried_from_everywhere_tells_its_owner_a_few_times(
    claire: Account, told: list[tuple[str, dict[str, str]]]
) -> None:
    policy(claire, approval="new_client")
    made = made_for(claire)
    told.clear()
    for network in range(40):
        assert isinstance(knock(made, f"10.{network}.0.1"), Refused)
    programs.tell_waiting()
    assert len(told) == MOST_TOLD


def test_what_was_made_before_the_policy_goes_on(claire: Account) -> None:
    made = made_for(claire)
    policy(claire, approval="new_client")
    publish_account(claire)
    assert isinstance(knock(made, ABROAD), Welcome)


def test_what_waits_is_forgotten_after_a_day(claire: Account) -> None:
    policy(claire, approval="new_client")
    knock(made_for(claire), ABROAD)
    programs.tell_waiting()
    assert programs.forget_waiting(timezone.now() + timedelta(hours=23)) == 0
    assert programs.forget_waiting(timezone.now() + timedelta(hours=25)) == 1


def test_a_program_in_no_known_form_holds_nothing_up(claire: Account) -> None:
    redis().rpush(WAITING, "{}", "not json", json.dumps({"app_password": "x"}))
    assert programs.tell_waiting() == 3
    assert not MailProgram.objects.exists()


def test_what_nothing_uses_ends_by_itself(claire: Account) -> None:
    old, used = made_for(claire, "Vieux"), made_for(claire, "Neuf")
    policy(claire, idle_days=90)
    AppPassword.objects.update(created_at=timezone.now() - timedelta(days=100))
    knock(used)
    programs.keep_house(timezone.now())
    assert list(AppPassword.objects.filter(revoked_at=None)) == [used.row]
    assert isinstance(knock(old), Refused)
    assert isinstance(knock(used), Welcome)


def test_a_new_one_asks_first_for_a_fresh_proof(
    browser: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_for(claire)
    sign_in(browser)
    monkeypatch.setattr(stepping, "is_fresh", lambda _: False)
    form = {"nom": "Voleur", "protocole": ["imap"]}
    for answer in (
        browser.post(f"{LIST}nouveau/", form, secure=True),
        browser.post(f"{LIST}{made.row.id}/revoquer/", secure=True),
    ):
        assert answer["Location"].startswith(stepping.PAGE)
    assert [row.name for row in AppPassword.objects.filter(revoked_at=None)] == ["Téléphone"]
    assert page(browser).count("Téléphone") > 0


def test_the_picture_holds_what_thunderbird_reads(browser: Client, claire: Account) -> None:
    sign_in(browser)
    answer = browser.post(
        f"{LIST}nouveau/", {"nom": "Téléphone", "protocole": ["imap", "smtp"]}, secure=True
    ).content.decode()
    assert "data:image/svg+xml" in answer
    assert 'data-copy="passe"' in answer
    only_calendar = browser.post(f"{LIST}nouveau/", {"nom": "Agenda", "protocole": ["dav"]}, secure=True)
    assert "data:image/svg+xml" not in only_calendar.content.decode()


def test_the_policy_bounds_their_number_or_wants_none(browser: Client, claire: Account) -> None:
    policy(claire, most=1)
    made_for(claire)
    sign_in(browser)
    form = {"nom": "Tablette", "protocole": ["imap"]}
    assert browser.post(f"{LIST}nouveau/", form, secure=True).status_code == 422
    assert "Vous avez déjà 1 appareil" in page(browser)
    policy(claire, allowed=False)
    assert "navigateur seulement" in page(browser)
    assert browser.post(f"{LIST}nouveau/", form, secure=True)["Location"] == LIST
    assert AppPassword.objects.count() == 1


def test_a_name_of_a_device_is_kept_as_it_can_be_read(browser: Client, claire: Account) -> None:
    sign_in(browser)
    for name in ("Téléphone\0 \x1b[31m ", "<b>Ali</b>", "x" * 300):
        form = {"nom": name, "protocole": ["imap"]}
        assert browser.post(f"{LIST}nouveau/", form, secure=True).status_code == 200
    assert {row.name for row in AppPassword.objects.all()} == {"Téléphone [31m", "<b>Ali</b>", "x" * 80}
    assert "<b>Ali</b>" not in page(browser)
    nameless = {"nom": "\0", "protocole": ["imap"]}
    assert browser.post(f"{LIST}nouveau/", nameless, secure=True).status_code == 422


def test_the_command_line_does_what_the_page_does(claire: Account) -> None:
    policy(claire, approval="new_client")
    made = made_for(claire)
    address = claire.addresses.get(is_primary=True).address
    knock(made, ABROAD)
    programs.tell_waiting()

    def ask(*arguments: str) -> Any:
        answer = CliRunner().invoke(app_password, [*arguments, "--json"])
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.stdout)

    (waits,) = ask("waiting", address)
    assert (waits["address"], waits["state"]) == (ABROAD, "waits")
    assert ask("approve", address, waits["id"])["state"] == "approved"
    assert isinstance(knock(made, ABROAD), Welcome)
    (shown,) = ask("list", address)
    assert (shown["underApproval"], shown["lastUse"]["address"]) == (True, ABROAD)
    assert CliRunner().invoke(app_password, ["refuse", address, waits["id"]]).exit_code == 1
    assert CliRunner().invoke(app_password, ["refuse", address, "nonsense"]).exit_code == 1
