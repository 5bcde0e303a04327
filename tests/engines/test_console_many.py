"""Lists of people, and acts on many of them: looked at first, in portions, taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.console.many import operating, sheets, working
from casier.console.many.acts import ManyAct
from casier.console.many.filters import Filter
from casier.console.models import LineStatus, MailboxSize, Operation, OperationState, SheetFile
from casier.directory import actions
from casier.directory.models import Academy, Account, AccountState, Membership, Office, Posting, Role, School
from casier.kernel.errors import NotAllowed
from casier.policies.api import BadPolicy
from engines.console_scene import (
    DESK_OPERATOR,
    MONOD,
    active,
    change,
    charge,
    claire,
    get,
    holder,
    open_doors,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DSI, DESK = Office.DSI, Office.HELP_DESK


@pytest.fixture
def staff(rouen: Academy, claire: Account) -> list[Account]:
    """Claire and two who work at Monod; the last never opened her account."""
    school = School.objects.get(uai=MONOD)
    school.department = "76"
    school.save()
    luc, eva = active(person(rouen, "Luc", "Petit")), person(rouen, "Eva", "=Roux")
    for one in (luc, eva):
        Posting.objects.create(person=one.person, school=school, function="ENS", label="Professeur")
    return [claire, luc, eva]


def prepared(visitor: Any, people: list[Account], act: str, **more: Any) -> str:
    answer = post(
        visitor,
        "/console/listes/agir/",
        acte=act,
        portee="coches",
        qui=[str(one.pk) for one in people],
        **more,
    )
    assert answer.status_code == 302, said(answer)
    return str(answer["Location"])


def worked() -> None:
    while working.step():
        pass


def states(people: list[Account]) -> list[str]:
    return [Account.objects.get(pk=one.pk).state for one in people]


# Lists -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "names"),
    [
        (f"uai={MONOD}", {"Petit", "Roux"}),
        ("departement=76&fonction=ENS", {"Petit", "Roux"}),
        ("departement=27", set()),
        (f"uai={MONOD}&active=non", {"Roux"}),
        ("etat=invited", {"Roux"}),
        ("q=petit", {"Petit"}),
        ("plein=90", {"Petit"}),
        ("reseau=nulle-part", set()),
        ("groupe=nulle-part", set()),
        ("etat=sans-objet&vu=pas-un-nombre&plein=%27;--", {"Petit", "Roux", "Lefèvre", "Agent"}),
    ],
)
def test_a_list_shows_whom_its_filter_means(
    rouen: Academy, staff: list[Account], query: str, names: set[str]
) -> None:
    luc = staff[1]
    MailboxSize.objects.create(
        key=luc.mailbox_key, academy=rouen, account=luc, used_bytes=95, limit_bytes=100,
        read_at=timezone.now(), before_bytes=1, before_at=timezone.now(),
    )  # fmt: skip
    page = said(get(holder(rouen, DESK), f"/console/listes/?{query}"))
    shown = {"Petit Luc": "Petit", "Roux Eva": "Roux", "Lefèvre Claire": "Lefèvre", "Agent Alix": "Agent"}
    assert {name for text, name in shown.items() if text in page} == names


def test_who_was_not_seen_for_long(rouen: Academy, staff: list[Account]) -> None:
    now = timezone.now()
    Account.objects.filter(pk=staff[2].pk).update(created_at=now - timedelta(days=100))
    page = said(get(holder(rouen, DESK), "/console/listes/?vu=90"))
    assert "Roux" in page
    assert "Petit" not in page


def test_a_head_lists_their_own_school(rouen: Academy, staff: list[Account]) -> None:
    visitor = holder(rouen, Office.HEAD, school=MONOD)
    page = said(get(visitor, "/console/listes/"))
    assert "Petit" in page
    assert "Lefèvre" not in page
    assert "Suspendre" not in page


def test_a_list_taken_out_is_no_formula_and_leaves_a_trace(rouen: Academy, staff: list[Account]) -> None:
    visitor = holder(rouen, DSI)
    path = f"/console/listes/exporter/?uai={MONOD}"
    assert post(visitor, path, motif="").status_code == 422
    assert not JournalEntry.objects.filter(action="people.exported").exists()
    answer = post(visitor, path, motif="Envoi du courrier de rentrée")
    text = b"".join(answer.streaming_content).decode()
    assert '"\'=Roux"' in text
    assert "Petit" in text
    assert "Lefèvre" not in text
    entry = JournalEntry.objects.get(action="people.exported")
    assert (entry.reason, entry.payload.facts["count"]) == ("Envoi du courrier de rentrée", 2)
    assert entry.payload.facts["filter"] == {"uai": MONOD}


# Acts --------------------------------------------------------------------------------------------------
def test_suspending_many_is_looked_at_done_and_taken_back(rouen: Academy, staff: list[Account]) -> None:
    visitor = holder(rouen, DSI)
    me = Account.objects.get(person__family_name="Agent")
    actions.suspend(staff[2], by=BY, reason="avant", now=timezone.now())
    path = prepared(visitor, [*staff, me], "suspend")
    page = said(get(visitor, path))
    assert "2 personnes" in page
    assert "c’est vous" in page
    assert "compte suspendu" in page
    assert states(staff) == ["active", "active", "suspended"]
    assert post(visitor, f"{path}lancer/", motif="").status_code == 422
    assert post(visitor, f"{path}lancer/", motif="Fuite de mots de passe").status_code == 302
    worked()
    assert states([*staff, me]) == ["suspended", "suspended", "suspended", "active"]
    assert "terminé" in said(get(visitor, path))
    # One of them is let in again meanwhile, and put out again by another: that isn't ours to take back.
    actions.resume(staff[1], by=BY, reason="appel", now=timezone.now())
    actions.suspend(staff[1], by=BY, reason="autre raison", now=timezone.now())
    assert post(visitor, f"{path}annuler/", motif="Fausse alerte").status_code == 302
    worked()
    assert states(staff) == ["active", "suspended", "suspended"]
    page = said(get(visitor, path))
    assert "a changé depuis" in page
    operation = Operation.objects.get()
    assert operation.state == OperationState.UNDONE
    mine = JournalEntry.objects.filter(target=f"operation:{operation.pk.hex}")
    assert list(mine.order_by("pk").values_list("action", flat=True)) == [
        "operation.launched", "operation.finished", "operation.undo_asked", "operation.undone",
    ]  # fmt: skip
    each = JournalEntry.objects.get(target=f"account:{staff[0].public_id}", action="account.suspended")
    assert (each.reason, each.actor) == ("Fuite de mots de passe", f"account:{me.public_id}")


def test_each_line_is_decided_again_when_its_turn_comes(rouen: Academy, staff: list[Account]) -> None:
    visitor = holder(rouen, DESK)
    path = prepared(visitor, staff[:2], "suspend")
    assert post(visitor, f"{path}lancer/", motif="Essai").status_code == 302
    me = Account.objects.get(person__family_name="Agent")
    actions.end_mandate(me.mandates.get(), by=BY, reason="parti", now=timezone.now())
    worked()
    assert states(staff[:2]) == ["active", "active"]
    assert set(Operation.objects.get().lines.values_list("status", "why")) == {("skipped", "not_within")}


def test_many_are_typed_and_more_are_agreed_to(rouen: Academy, staff: list[Account]) -> None:
    change(rouen, "many.typed_from=2", "many.suspend_second_from=2", "many.close_second_from=2")
    visitor, second = holder(rouen, DSI), holder(rouen, DESK, "Second")
    path = prepared(visitor, staff[:2], "suspend")
    assert post(visitor, f"{path}lancer/", motif="Essai", nombre="3").status_code == 422
    assert post(visitor, f"{path}lancer/", motif="Essai", nombre="2").status_code == 302
    worked()
    assert states(staff[:2]) == ["active", "active"]
    assert post(visitor, f"{path}accord/", motif="moi").status_code == 403
    assert post(second, f"{path}lancer/", motif="x", nombre="2").status_code == 403
    assert post(second, f"{path}accord/", motif="Vu").status_code == 302
    worked()
    assert states(staff[:2]) == ["suspended", "suspended"]


def test_portions_do_not_go_round_the_second_person(rouen: Academy, staff: list[Account]) -> None:
    change(rouen, "many.suspend_second_from=2", "many.close_second_from=2")
    visitor, other = holder(rouen, DSI), holder(rouen, DSI, "Autre")
    first, second = (prepared(visitor, [one], "suspend") for one in staff[:2])
    assert post(visitor, f"{first}lancer/", motif="Un").status_code == 302
    worked()
    assert "l’accord d’une autre personne" in said(get(visitor, f"{second}lancer/"))
    assert post(visitor, f"{second}lancer/", motif="Deux").status_code == 302
    worked()
    assert states(staff[:2]) == ["suspended", "active"]
    assert "À partir de 2 personnes en un jour" in said(get(visitor, second))
    # Somebody else's share is their own, and so is another act.
    assert post(other, f"{prepared(other, staff[2:], 'suspend')}lancer/", motif="Trois").status_code == 302
    quota = prepared(visitor, staff[1:2], "quota", place="3 Go")
    assert post(visitor, f"{quota}lancer/", motif="x").status_code == 302
    worked()
    assert states(staff) == ["suspended", "active", "suspended"]
    # The next day is another one.
    Operation.objects.filter(state=OperationState.DONE).update(launched_at=timezone.now() - timedelta(days=2))
    third = prepared(visitor, staff[1:2], "suspend")
    assert post(visitor, f"{third}lancer/", motif="Demain").status_code == 302
    worked()
    assert states(staff[1:2]) == ["suspended"]


def test_what_the_policy_can_leave_off_for_suspending_it_cannot_for_closing(
    rouen: Academy, staff: list[Account]
) -> None:
    change(rouen, "many.suspend_second_from=0", "many.close_second_from=1")
    visitor = holder(rouen, DSI)
    for act, state in (("suspend", OperationState.RUNNING), ("leave", OperationState.WAITS)):
        path = prepared(visitor, staff[:2], act)
        assert post(visitor, f"{path}lancer/", motif="Essai").status_code == 302
        assert Operation.objects.latest("created_at").state == state
    for bad in ("0", "1001"):
        with pytest.raises(BadPolicy):
            change(rouen, f"many.close_second_from={bad}")


def test_who_is_not_seen_is_not_touched_by_naming_them(rouen: Academy, staff: list[Account]) -> None:
    visitor = holder(rouen, DESK, school=MONOD)
    path = prepared(visitor, staff, "suspend")
    page = said(get(visitor, path))
    assert "Lefèvre" not in page
    assert Operation.objects.get().lines.count() == 2
    other = holder(rouen, DESK, "Autre", school=MONOD)
    assert get(other, path).status_code == 404


def test_a_quota_a_member_a_departure_and_their_way_back(rouen: Academy, staff: list[Account]) -> None:
    visitor = holder(rouen, DSI)
    address = lend_mailbox(rouen, staff[0], Role.READ)
    wrong = post(visitor, "/console/listes/agir/", acte="member", portee="tous", boite="rien@ac-rouen.fr")
    assert wrong.status_code == 422
    bad = post(visitor, "/console/listes/agir/", acte="quota", portee="tous", place="beaucoup")
    assert bad.status_code == 422
    paths = [
        prepared(visitor, staff[:2], "quota", place="3 Go"),
        prepared(visitor, staff[:2], "member", boite=address, role="answer"),
        prepared(visitor, staff[1:2], "leave"),
    ]
    for path in paths:
        assert post(visitor, f"{path}lancer/", motif="Rentrée").status_code == 302
    worked()
    luc = Account.objects.get(pk=staff[1].pk)
    assert (luc.quota_bytes, luc.state) == (3 * 10**9, AccountState.LEAVING)
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["answer", "read"]
    assert "déjà membre" in said(get(visitor, paths[1]))
    for path in reversed(paths):
        assert post(visitor, f"{path}annuler/", motif="Erreur").status_code == 302
    worked()
    luc.refresh_from_db()
    assert (luc.quota_bytes, luc.state) == (None, AccountState.ACTIVE)
    assert list(Membership.objects.values_list("role", flat=True)) == ["read"]


def test_sheets_are_for_whoever_had_them_made_and_for_a_time(rouen: Academy, staff: list[Account]) -> None:
    visitor, other = holder(rouen, DSI), holder(rouen, DSI, "Autre")
    path = prepared(visitor, staff, "sheets")
    assert post(visitor, f"{path}lancer/", motif="Feuilles perdues").status_code == 302
    worked()
    file = SheetFile.objects.get()
    assert (file.count, b"%PDF" in bytes(file.sealed)) == (1, False)
    pdf = get(visitor, f"{path}feuilles/1/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert get(other, f"{path}feuilles/1/").status_code == 403
    assert JournalEntry.objects.filter(action="sheets.fetched").count() == 1
    sheets.forget(timezone.now() + timedelta(hours=49))
    assert not SheetFile.objects.exists()


def test_a_list_too_long_for_a_page_is_written_down_by_the_worker(
    rouen: Academy, staff: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating, "AT_ONCE", 1)
    visitor = holder(rouen, DESK)
    answer = post(visitor, f"/console/listes/agir/?uai={MONOD}", acte="sign_out", portee="tous")
    assert "se prépare" in said(get(visitor, answer["Location"]))
    worked()
    rows = Operation.objects.get().lines.order_by("number").values_list("account", "status", "why")
    assert sorted(status for _account, status, _why in rows) == [LineStatus.PLANNED, LineStatus.REFUSED]
    assert post(visitor, f"{answer['Location']}abandonner/").status_code == 302
    assert Operation.objects.get().state == OperationState.DROPPED


def test_nobody_launches_what_another_chose(rouen: Academy, claire: Account) -> None:
    made = operating.begin(rouen, ManyAct.SUSPEND, Filter(), {}, by=DESK_OPERATOR, now=timezone.now())
    charge(claire, DSI)
    with pytest.raises(NotAllowed):
        operating.launch(made, by=Actor.account(claire.public_id), reason="x", now=timezone.now())


def test_a_killed_worker_leaves_nothing_done_twice(
    rouen: Academy, staff: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = operating.begin(
        rouen, ManyAct.SIGN_OUT, [one.pk for one in staff], {}, by=DESK_OPERATOR, now=timezone.now()
    )
    operating.launch(made, by=DESK_OPERATOR, reason="Essai", now=timezone.now())
    real, calls = working._one, []

    def dies(line: Any, *rest: Any) -> None:
        if len(calls) == 1:
            raise SystemExit
        calls.append(line.pk)
        real(line, *rest)

    monkeypatch.setattr(working, "_one", dies)
    with pytest.raises(SystemExit):
        working.step()
    monkeypatch.setattr(working, "_one", real)
    worked()
    ended = JournalEntry.objects.filter(action="identity.sessions_ended")
    assert ended.count() == ended.values("target").distinct().count() == 2
    assert re.fullmatch("done", Operation.objects.get().state)
