"""The dashboard and the figures behind it: right, bounded, within the perimeter."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casier.console.figures import nightly, reckoning, sizes
from casier.console.figures.nightly import DeskLane
from casier.console.models import ChainCheck, Figure, MailboxSize
from casier.directory import actions
from casier.directory.actions import NewMandate, NewSchool
from casier.directory.models import Academy, Account, Office, Posting, School
from casier.trace.following import Logs
from casier.trace.logs import machine_zone
from engines.console_scene import (
    DESK_OPERATOR,
    MONOD,
    ZAY,
    active,
    claire,
    get,
    holder,
    open_doors,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DSI = Office.DSI


class FakeStore:
    """Tells the same of every mailbox."""

    def __init__(self, used: int) -> None:
        self.used = used

    def usages(self, keys: list[str]) -> dict[str, tuple[int, int | None]]:
        return dict.fromkeys(keys, (self.used, 2_000_000_000))


@pytest.fixture
def staff(rouen: Academy, claire: Account) -> list[Account]:
    """Two at Monod, in the department 76, of whom one waits; Claire works nowhere."""
    School.objects.filter(uai=MONOD).update(department="76")
    luc, eva = active(person(rouen, "Luc", "Petit")), person(rouen, "Eva", "Roux")
    for one in (luc, eva):
        Posting.objects.create(person=one.person, school=School.objects.get(uai=MONOD), function="ENS")
    Account.objects.update(provisioned_at=timezone.now())
    return [claire, luc, eva]


def figures(academy: Academy, part: str = "") -> dict[str, int]:
    today = timezone.localdate()
    rows = Figure.objects.filter(academy=academy, part=part, on=today)
    return dict(rows.values_list("name", "value"))


def test_mail_refused_at_the_door_is_the_academys_by_its_domains(
    rouen: Academy, claire: Account, tmp_path: Path
) -> None:
    now = timezone.now()
    at = now.astimezone(machine_zone())
    refusal = (
        f"{at:%b} {at.day:2} {at:%H:%M:%S} mail postfix/public/smtpd[7]: NOQUEUE: reject: RCPT from "
        "bad[192.0.2.1]: 550 5.7.1 no; from=<a@bad.example> to=<{to}> proto=ESMTP helo=<x>\n"
    )
    lines = (refusal.format(to=to) for to in ("claire@ac-rouen.fr", "luc@AC-Rouen.fr", "who@far.example"))
    (tmp_path / "postfix.log").write_text("".join(lines))
    reckoning.keep(rouen, now, reckoning.Doors(Logs.of(tmp_path, now)))
    assert figures(rouen)["refused_mail"] == 2
    reckoning.keep(rouen, now, reckoning.Doors(Logs.of(tmp_path, now)))
    assert figures(rouen)["refused_mail"] == 2


def test_what_the_log_of_mail_cannot_tell_is_unknown(rouen: Academy, tmp_path: Path) -> None:
    now = timezone.now()
    reckoning.keep(rouen, now, reckoning.Doors(Logs.of(tmp_path, now)))
    assert "refused_mail" not in figures(rouen)
    assert figures(rouen)["locked"] == 0
    visitor = holder(rouen, DSI)
    assert "le journal du courrier ne peut pas être lu" in said(get(visitor, "/console/tableau/"))
    rows = rows_of(get(visitor, "/console/tableau/chiffres.csv?quoi=incidents"))
    at = rows[0].index("Messages refusés à l’entrée")
    assert {row[at] for row in rows[1:]} == {""}


def test_before_the_first_count_nothing_is_said_to_be_none(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DSI)
    page = said(get(visitor, "/console/tableau/"))
    assert "Aucun incident" not in page
    assert "dont 0 en 7 jours" not in page
    assert "0 ouverts" not in page
    assert "Pas encore compté" in page
    for panel in ("incidents", "activations"):
        rows = rows_of(get(visitor, f"/console/tableau/chiffres.csv?quoi={panel}"))
        assert {cell for row in rows[1:] for cell in row[1:]} == {""}, panel


def test_a_part_where_nothing_happened_has_none_of_it(rouen: Academy, staff: list[Account]) -> None:
    nightly.keep(timezone.now())
    rows = rows_of(get(holder(rouen, DSI), "/console/tableau/chiffres.csv?quoi=incidents&lieu=d:76"))
    assert set(rows[-1][1:]) == {"0"}


def test_days_that_went_by_without_a_worker_are_counted_afterwards(
    rouen: Academy, staff: list[Account]
) -> None:
    now = timezone.now()
    reckoning.keep(rouen, now)
    lost = [timezone.localdate() - timedelta(days=number) for number in range(5)]
    Figure.objects.filter(academy=rouen, on__in=lost).delete()
    reckoning.keep(rouen, now)
    counted = set(Figure.objects.filter(academy=rouen, name="locked").values_list("on", flat=True))
    assert set(lost) <= counted


def test_figures_are_kept_by_part_and_writing_them_again_changes_nothing(
    rouen: Academy, staff: list[Account]
) -> None:
    reckoning.keep(rouen, timezone.now())
    whole, seine = figures(rouen), figures(rouen, "d:76")
    assert (whole["state.active"], whole["state.invited"], whole["activated"]) == (2, 1, 2)
    assert (seine["state.active"], seine["state.invited"], seine["activated"]) == (1, 1, 1)
    count = Figure.objects.count()
    reckoning.keep(rouen, timezone.now())
    assert (Figure.objects.count(), figures(rouen)) == (count, whole)
    first = Figure.objects.filter(academy=rouen, part="", name="activated").order_by("on").first()
    assert first
    assert first.on == reckoning.term_start(timezone.localdate())


def test_sizes_are_asked_once_a_night_and_growth_is_told_by_the_week(
    rouen: Academy, staff: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FakeStore(1_000_000_000)
    monkeypatch.setattr(sizes, "store_named", lambda _name: store)
    now = timezone.now()
    assert sizes.read_some(now - timedelta(hours=1), now) == 3
    assert sizes.read_some(now - timedelta(hours=1), now) == 0
    store.used = 1_500_000_000
    later = now + timedelta(days=7)
    assert sizes.read_some(later, later) == 3
    row = MailboxSize.objects.get(account=staff[0])
    assert (row.used_bytes, row.before_bytes, row.limit_bytes) == (
        1_500_000_000,
        1_000_000_000,
        2_000_000_000,
    )
    page = said(get(holder(rouen, DSI), "/console/tableau/"))
    assert "4,5\u00a0Go occupés" in page
    assert "75\u00a0%" in page


def test_the_lane_does_all_of_it_and_rests(
    rouen: Academy, staff: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "store_named", lambda _name: FakeStore(5))
    lane = DeskLane()
    while lane.step():
        pass
    assert figures(rouen)["storage.used"] == 15
    assert ChainCheck.objects.get().broken == []
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert lane.step() == 0
    assert len(asked) == 1


def test_a_journal_that_was_touched_is_told(rouen: Academy, staff: list[Account]) -> None:
    from casier.audit.api import seal
    from casier.audit.models import JournalEntry

    seal(timezone.now())
    JournalEntry.objects.filter(action="account.activated").update(reason="réécrit")
    assert nightly.check_chain(timezone.now()).broken


def test_the_dashboard_draws_tells_and_leads_to_lists(rouen: Academy, staff: list[Account]) -> None:
    nightly.keep(timezone.now())
    visitor = holder(rouen, DSI)
    answer = get(visitor, "/console/tableau/")
    text, page = answer.content.decode(), said(answer)
    assert "4 comptes" in page
    assert "Collège Monod" in page
    assert 'href="/console/listes/?etat=invited"' in text
    assert 'href="/console/listes/?departement=76&active=non"' in text.replace("&amp;", "&")
    assert "<svg" in text
    assert 'style="' not in text
    for panel in ("etats", "activations", "etablissements", "incidents", "departs"):
        rows = rows_of(get(visitor, f"/console/tableau/chiffres.csv?quoi={panel}"))
        assert len(rows) > 1, panel
        assert len({len(row) for row in rows}) == 1
    assert get(visitor, "/console/tableau/chiffres.csv?quoi=rien").status_code == 404
    seine = said(get(visitor, "/console/tableau/?lieu=d:76"))
    assert "2 comptes" in seine
    assert "4 comptes" in said(get(visitor, "/console/tableau/?lieu=d:99"))


def test_half_a_department_is_not_shown_as_the_whole(rouen: Academy, staff: list[Account]) -> None:
    actions.create_school(rouen, NewSchool(ZAY, "Lycée Zay"), by=BY, reason="tests", now=timezone.now())
    School.objects.update(department="76")
    nightly.keep(timezone.now())
    visitor = holder(rouen, DSI, school=MONOD)
    page = said(get(visitor, "/console/tableau/?lieu=d:76"))
    assert "2 comptes" in page
    assert "Votre périmètre" in page
    assert "Département 76" not in page.partition("Par département")[0]
    assert "Zay" not in page


def test_a_department_of_ones_own_has_its_figures(rouen: Academy, staff: list[Account]) -> None:
    nightly.keep(timezone.now())
    visitor = holder(rouen, None, "Sous")
    me = Account.objects.get(person__family_name="Sous")
    new = NewMandate(DSI, department="76")
    actions.give_mandate(me, new, by=DESK_OPERATOR, reason="tests", now=timezone.now())
    page = said(get(visitor, "/console/tableau/?lieu=d:76"))
    assert "À ouvrir\u00a0: " in page
    assert "Lefèvre" not in page


def test_as_many_questions_for_many_as_for_few(rouen: Academy, staff: list[Account]) -> None:
    """What is asked of the database doesn't grow with people."""
    nightly.keep(timezone.now())
    visitor = holder(rouen, DSI)

    def asked(path: str) -> int:
        get(visitor, path)
        with CaptureQueriesContext(connection) as queries:
            assert get(visitor, path).status_code == 200
        return len(queries)

    paths = ("/console/tableau/", "/console/tableau/?lieu=d:76", "/console/listes/")
    few = [asked(path) for path in paths]
    school = School.objects.get(uai=MONOD)
    for number in range(12):
        made = person(rouen, f"Jo{number}", "Dupont")
        Posting.objects.create(person=made.person, school=school, function="ENS")
    nightly.keep(timezone.now())
    assert [asked(path) for path in paths] == few


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode()[1:]), delimiter=";"))
