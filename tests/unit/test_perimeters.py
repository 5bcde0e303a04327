"""How far an office reaches, against a second reckoning written as plainly as can be; and what is lent."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.abilities import NOT_LENT, NOT_TO_THE_PLATFORM, OFFICES
from casier.directory.actions import Loan, NewMandate
from casier.directory.errors import AlreadyThere, BadMandate, NotFound, WrongState
from casier.directory.mandates import (
    Ability,
    academies_reached,
    academies_within,
    mandates_of,
    may,
    people_within,
    remembering,
    schools_within,
)
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Mandate,
    Network,
    Office,
    Person,
    Posting,
    School,
    Store,
)
from casier.policies.api import adopt, policy_for, with_changes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY, DAY = date(2026, 9, 1), timedelta(days=1)
BY = Actor.operator("test")
WHY: dict[str, Any] = {"by": BY, "reason": "rentrée", "now": NOW}
OUT = {AccountState.SUSPENDED, AccountState.CLOSED, AccountState.PURGED}


# A directory by chance ------------------------------------------------------------------------------
@dataclass
class World:
    """Two academies with three schools each, in two departments and two networks; people everywhere."""

    academies: list[Academy] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    people: list[Account] = field(default_factory=list)


def world(draw: Any) -> World:
    made = World()
    store = Store.objects.create(name="s", is_default=True)
    for number, slug in enumerate(("rouen", "caen")):
        one = Academy.objects.create(
            slug=slug, name=slug, accent="#1a5fb4", rp_id=slug, issuer="https://x.example", created_at=NOW
        )
        made.academies.append(one)
        made.networks += [Network.objects.create(academy=one, slug=f"n{k}", name=f"n{k}") for k in range(2)]
        for k in range(3):
            department = draw(st.sampled_from(["", "76", "27"]))
            school = School.objects.create(
                academy=one, uai=f"{number}{k}", name="s", department=department, is_open=draw(st.booleans())
            )
            school.networks.set([net for net in made.networks if net.academy == one and draw(st.booleans())])
            made.schools.append(school)
    for number in range(5):
        made.people.append(account(draw, made, store, number))
    return made


def account(draw: Any, made: World, store: Store, number: int) -> Account:
    where = made.academies[draw(st.sampled_from([0, 0, 0, 1]))]
    someone = Person.objects.create(academy=where, given_name="A", family_name=str(number), created_at=NOW)
    for _ in range(draw(st.integers(0, 2))):
        starts = draw(st.sampled_from([None, TODAY - 9 * DAY, TODAY, TODAY + DAY]))
        ends = draw(st.sampled_from([None, TODAY - DAY, TODAY, TODAY + 9 * DAY]))
        if starts and ends and ends < starts:
            ends = None
        # Someone may teach in another academy, too.
        school = draw(st.sampled_from([None, *made.schools]))
        Posting.objects.create(person=someone, school=school, function="ENS", starts_on=starts, ends_on=ends)
    state = draw(st.sampled_from([*[AccountState.ACTIVE] * 4, *OUT]))
    return Account.objects.create(
        academy=where, person=someone, mailbox_key=str(number), store=store, state=state, created_at=NOW
    )


def charged(draw: Any, made: World, who: Account, shared_from: Mandate | None = None) -> Mandate:
    """An office as no action would refuse it, held or not any more."""
    kind = draw(st.sampled_from(["whole", "school", "department", "network"]))
    # Somebody may hold an office in another academy, too; what is lent is for where its lender holds it.
    drawn = draw(st.sampled_from([who.academy, who.academy, *made.academies]))
    where = shared_from.academy if shared_from else drawn
    own = [school for school in made.schools if school.academy_id == where.pk]
    nets = [network for network in made.networks if network.academy_id == where.pk]
    until = draw(st.sampled_from([None, NOW, NOW + DAY]))
    return Mandate.objects.create(
        account=who,
        academy=where,
        office=shared_from.office if shared_from else draw(st.sampled_from(list(Office))),
        school=draw(st.sampled_from(own)) if kind == "school" else None,
        department=draw(st.sampled_from(["76", "27", "14"])) if kind == "department" else "",
        network=draw(st.sampled_from(nets)) if kind == "network" else None,
        starts_at=draw(st.sampled_from([NOW - DAY, NOW - DAY, NOW, NOW + DAY])),
        ends_at=until or (NOW + 5 * DAY if shared_from else None),
        ended_at=draw(st.sampled_from([None, None, None, NOW - DAY])),
        shared_from=shared_from,
        by_function=draw(st.sampled_from(["", "ENS", "DIR"])) if kind == "school" else "",
    )


# The second reckoning -------------------------------------------------------------------------------
def lasts(row: Mandate) -> bool:
    if row.by_function and (row.by_function != "ENS" or row.school not in works_in(row.account)):
        return False  # everybody here teaches
    return row.starts_at <= NOW and row.ended_at is None and (row.ends_at is None or row.ends_at > NOW)


def held(row: Mandate) -> bool:
    exercised = lasts(row) and row.account.state not in OUT
    return exercised and (row.shared_from is None or held(row.shared_from))


def works_in(who: Account) -> list[School]:
    return [
        posting.school
        for posting in who.person.postings.all()
        if posting.school
        and (posting.starts_on is None or posting.starts_on <= TODAY)
        and (posting.ends_on is None or posting.ends_on >= TODAY)
    ]


def is_of(school: School, row: Mandate) -> bool:
    if row.office == Office.PLATFORM or school.academy_id != row.academy_id:
        return False
    if row.school:
        return school == row.school
    if row.department:
        return school.department == row.department
    if row.network:
        return row.network in school.networks.all()
    return row.office != Office.HEAD


def reaches(row: Mandate, on: Account | School | Academy) -> bool:
    whole = not row.school and not row.department and not row.network and row.office != Office.HEAD
    if isinstance(on, Academy):
        return row.office == Office.PLATFORM or (whole and row.academy == on)
    if row.office == Office.PLATFORM:
        return False
    if isinstance(on, School):
        return is_of(on, row)
    return row.academy_id == on.academy_id and (whole or any(is_of(one, row) for one in works_in(on)))


def expected(who: Account, ability: Ability, on: Account | School | Academy) -> bool:
    if ability in NOT_TO_THE_PLATFORM and isinstance(on, Account):
        theirs = Mandate.objects.filter(account=on, office=Office.PLATFORM)
        if any(stands(row) for row in theirs):
            return False
    return any(
        held(row) and row.office in OFFICES[ability] and reaches(row, on)
        for row in Mandate.objects.filter(account=who)
        if not (ability in NOT_LENT and row.shared_from)
    )


def stands(row: Mandate) -> bool:
    """Held as a charge, whether or not it may be exercised: that protects its holder."""
    return lasts(row) and (row.shared_from is None or stands(row.shared_from))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_is_many_and_both_are_what_the_offices_say(db: None, data: st.DataObject) -> None:
    with transaction.atomic():
        made = world(data.draw)
        holder, lender = made.people[0], made.people[1]
        for _ in range(data.draw(st.integers(1, 3))):
            charged(data.draw, made, holder)
        if data.draw(st.booleans()) and lender.academy_id == holder.academy_id:
            charged(data.draw, made, holder, shared_from=charged(data.draw, made, lender))
        charged(data.draw, made, made.people[2])
        ability = data.draw(st.sampled_from(list(Ability)))
        for many, found in (
            (made.people, people_within(holder, ability, NOW)),
            (made.schools, schools_within(holder, ability, NOW)),
            (made.academies, academies_within(holder, ability, NOW)),
        ):
            wanted = [one for one in many if expected(holder, ability, one)]
            assert [one for one in many if may(holder, ability, one, NOW)] == wanted
            assert sorted(found, key=lambda one: str(one.pk)) == sorted(wanted, key=lambda one: str(one.pk))
        reached = {one.pk for one in academies_reached(holder, ability, NOW)}
        assert {one.academy_id for one in people_within(holder, ability, NOW)} <= reached
        assert {one.academy_id for one in schools_within(holder, ability, NOW)} <= reached
        transaction.set_rollback(True)


# The whole matrix -----------------------------------------------------------------------------------
PARTS = ("academy", "department", "network", "school")


@pytest.fixture
def rouen(monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    return academy("rouen")


def academy(slug: str) -> Academy:
    new = actions.NewAcademy(slug, slug, "#1a5fb4", (f"ac-{slug}.example",), (f"{slug}.localhost",))
    return actions.create_academy(new, **WHY)


def school(where: Academy, uai: str, department: str = "76", network: Network | None = None) -> School:
    made = School.objects.create(academy=where, uai=uai, name=uai, department=department)
    if network:
        made.networks.add(network)
    return made


def someone(where: Academy, family: str, at: School | None = None) -> Account:
    made = actions.create_account(where, actions.NewAccount("Alix", family, at, "ENS"), **WHY)
    return actions.activate(made, **WHY)


def test_every_office_with_every_perimeter_opens_what_the_table_says_and_nothing_else(rouen: Academy) -> None:
    """Allow beside deny: each office at each perimeter, upon someone inside, outside and elsewhere."""
    caen = academy("caen")
    net = Network.objects.create(academy=rouen, slug="rep", name="REP")
    within = school(rouen, "1", "76", net)
    inside, outside = someone(rouen, "Inside", within), someone(rouen, "Outside", school(rouen, "2", "27"))
    elsewhere = someone(caen, "Elsewhere", school(caen, "3", "76"))
    perimeters: dict[str, dict[str, Any]] = {
        "academy": {}, "department": {"department": "76"}, "network": {"network": net},
        "school": {"school": within},
    }  # fmt: skip
    for office, part in itertools.product(Office, PARTS):
        if (office == Office.PLATFORM and part != "academy") or (office == Office.HEAD and part == "academy"):
            continue
        holder = someone(rouen, f"{office}-{part}")
        actions.give_mandate(holder, NewMandate(office, **perimeters[part]), **WHY)
        for ability in Ability:
            has = office in OFFICES[ability]
            people, above = has and office != Office.PLATFORM, has and office == Office.PLATFORM
            whole = part == "academy"
            for on, wanted in (
                (inside, people),
                (within, people),
                (outside, people and whole),
                (rouen, has and whole),
                (caen, above),
                (elsewhere, False),
            ):
                assert may(holder, ability, on, NOW) == wanted, (office, part, ability, on)


def test_who_may_what_is_reckoned_in_a_few_questions(rouen: Academy) -> None:
    desk = someone(rouen, "Desk")
    for number in range(4):
        where = school(rouen, f"9{number}", "76")
        actions.give_mandate(desk, NewMandate(Office.HEAD, where), **WHY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(people_within(desk, Ability.SEE_PERSON, NOW))
        list(schools_within(desk, Ability.SEE_PERSON, NOW))
    assert len(asked) == 4  # the offices and the answer, twice


# What is lent ---------------------------------------------------------------------------------------
def test_what_is_remembered_is_of_one_moment_and_one_page(rouen: Academy) -> None:
    """A page asks once; whoever lost their office is refused by the next question of another moment."""
    me = someone(rouen, "Chef")
    new = NewMandate(Office.DSI)
    row = actions.give_mandate(me, new, by=BY, reason="tests", now=NOW)
    with remembering(), CaptureQueriesContext(connection) as asked:
        assert may(me, Ability.SUSPEND, rouen, NOW)
        assert may(me, Ability.SEE_POLICY, rouen, NOW)
        assert len(asked) == 1
        Mandate.objects.filter(pk=row.pk).update(ended_at=NOW)
        assert not may(me, Ability.SUSPEND, rouen, NOW + timedelta(microseconds=1))
        me.state = AccountState.SUSPENDED
        assert not may(me, Ability.SEE_POLICY, rouen, NOW)
        me.state = AccountState.ACTIVE
    assert not may(me, Ability.SUSPEND, rouen, NOW)


def lend(row: Mandate, to: Account, **more: Any) -> Mandate:
    until = more.pop("until", NOW + 10 * DAY)
    by = more.pop("by", Actor.account(row.account.public_id, "192.0.2.1"))
    return actions.lend_mandate(row, to, Loan(until, **more), by=by, reason="congé", now=NOW)


def test_an_office_is_lent_until_a_day_and_ends_with_itself(rouen: Academy) -> None:
    dsi, colleague, mine = (someone(rouen, name) for name in ("Dsi", "Colleague", "Durand"))
    row = actions.give_mandate(dsi, NewMandate(Office.DSI), **WHY)
    assert not may(colleague, Ability.UNLOCK, mine, NOW)
    lent = lend(row, colleague)
    assert may(colleague, Ability.UNLOCK, mine, NOW)
    assert not may(colleague, Ability.UNLOCK, mine, NOW + 10 * DAY)
    # Who borrows can't keep it by giving it to somebody.
    assert not may(colleague, Ability.GIVE_MANDATES, rouen, NOW)
    entry = JournalEntry.objects.get(action="mandate.lent")
    assert entry.target == f"account:{colleague.public_id}"
    actions.suspend(dsi, **WHY)
    assert not may(colleague, Ability.UNLOCK, mine, NOW)
    assert mandates_of(colleague, NOW).exists()  # still protected as who holds an office
    dsi.refresh_from_db()
    actions.resume(dsi, **WHY)
    assert may(colleague, Ability.UNLOCK, mine, NOW)
    actions.end_mandate(row, **WHY)
    lent.refresh_from_db()
    assert lent.ended_at == NOW
    assert not may(colleague, Ability.UNLOCK, mine, NOW)
    assert JournalEntry.objects.filter(action="mandate.ended").count() == 2


def test_a_loan_ends_when_the_office_does_whatever_its_row_says(rouen: Academy) -> None:
    dsi, colleague, mine = (someone(rouen, name) for name in ("Dsi", "Colleague", "Durand"))
    row = actions.give_mandate(dsi, NewMandate(Office.DSI), **WHY)
    lend(row, colleague)
    Mandate.objects.filter(pk=row.pk).update(ends_at=NOW + DAY)
    assert may(colleague, Ability.UNLOCK, mine, NOW)
    assert not may(colleague, Ability.UNLOCK, mine, NOW + DAY)
    assert not mandates_of(colleague, NOW + DAY).exists()


def test_never_more_than_ones_own(rouen: Academy) -> None:
    monod, curie, far = school(rouen, "1"), school(rouen, "2"), school(rouen, "3", "27")
    head, colleague = someone(rouen, "Head", monod), someone(rouen, "Deputy", monod)
    row = actions.give_mandate(head, NewMandate(Office.HEAD, monod, NOW + 5 * DAY), **WHY)
    for more in ({"school": curie}, {"department": "76"}, {"school": far}):
        with pytest.raises(BadMandate, match="More than"):
            lend(row, colleague, until=NOW + DAY, **more)
    with pytest.raises(BadMandate, match="Longer than the office"):
        lend(row, colleague, until=NOW + 6 * DAY)
    lent = lend(row, colleague, until=NOW + 5 * DAY)
    assert (lent.office, lent.school) == (Office.HEAD, monod)
    wide = actions.give_mandate(head, NewMandate(Office.HELP_DESK, department="76"), **WHY)
    with pytest.raises(BadMandate, match="More than"):
        lend(wide, colleague, school=far)
    with pytest.raises(BadMandate, match="More than"):
        lend(wide, colleague, department="27")
    assert lend(wide, colleague, school=curie).school == curie
    assert lend(wide, colleague).department == "76"


def test_only_its_holder_lends_it_once_and_not_further(rouen: Academy) -> None:
    dsi, colleague, third = (someone(rouen, name) for name in ("Dsi", "Colleague", "Third"))
    row = actions.give_mandate(dsi, NewMandate(Office.DSI), **WHY)
    for who in (Actor.account(third.public_id, ""), Actor.system("tests"), Actor("operator:x", "192.0.2.1")):
        with pytest.raises(BadMandate, match="Only who holds"):
            lend(row, colleague, by=who)
    lent = lend(row, colleague)
    with pytest.raises(AlreadyThere):
        lend(row, colleague)
    with pytest.raises(BadMandate, match="isn't lent further"):
        lend(lent, third)
    with pytest.raises(BadMandate, match="another person"):
        lend(row, dsi)
    with pytest.raises(BadMandate, match="another person"):
        lend(row, someone(academy("caen"), "Far"))
    actions.suspend(third, **WHY)
    with pytest.raises(WrongState):
        lend(row, third)
    actions.suspend(dsi, **WHY)
    with pytest.raises(NotFound):
        lend(row, colleague)


def test_as_long_as_the_policy_allows_and_never_the_platforms(rouen: Academy) -> None:
    dsi, colleague = someone(rouen, "Dsi"), someone(rouen, "Colleague")
    row = actions.give_mandate(dsi, NewMandate(Office.DSI), **WHY)
    with pytest.raises(BadMandate, match="academy allows"):
        lend(row, colleague, until=NOW + 94 * DAY)
    with pytest.raises(BadMandate, match="before it began"):
        lend(row, colleague, until=NOW)
    platform = actions.give_mandate(dsi, NewMandate(Office.PLATFORM), **WHY)
    for who in (BY, Actor.account(dsi.public_id, "")):
        with pytest.raises(BadMandate):
            lend(platform, colleague, by=who)
    adopt(rouen, with_changes(policy_for(rouen), ["rights.lend_days=0"]), **WHY)
    with pytest.raises(BadMandate, match="doesn't let"):
        lend(row, colleague)
