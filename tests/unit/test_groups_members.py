"""Who is in a group: the database finds what plain Python finds, on directories made by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.directory import actions as directory
from casier.directory.errors import AlreadyThere, NotFound
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Network,
    Person,
    Posting,
    PostingDetail,
    School,
    Store,
)
from casier.groups import actions, api
from casier.groups.actions import BadGroup, GroupInUse, GroupWords, Owner
from casier.groups.api import BadRule, accounts_of, parse
from casier.groups.finding import facts_of
from casier.groups.matching import Matcher
from casier.groups.models import Group
from casier.groups.rule import Everyone, Not, Rule, both, either

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "rentrée", "now": NOW}
UAIS = ("0760001A", "0760002B", "0140003C")


@pytest.fixture
def rouen(db: None, monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    made = academy("rouen")
    centre = Network.objects.create(academy=made, slug="rouen-centre", name="Rouen Centre")
    for uai, name, city in zip(
        UAIS, ("Collège Monod", "École Curie", ""), ("Le Havre", "Évreux", ""), strict=True
    ):
        kind, department = ("collège", "76") if uai[1] == "7" else ("", "14")
        school = School.objects.create(
            academy=made, uai=uai, name=name, city=city, kind=kind, department=department
        )
        if uai == UAIS[0]:
            school.networks.add(centre)
    return made


def academy(slug: str) -> Academy:
    domains = (f"ac-{slug}.example", f"{slug}.example")
    new = directory.NewAcademy(slug, slug, "#1a5fb4", domains, (f"{slug}.localhost",))
    return directory.create_academy(new, **WHY)


def someone(where: Academy, family: str, state: str = AccountState.ACTIVE) -> Account:
    person = Person.objects.create(academy=where, given_name="Alix", family_name=family, created_at=NOW)
    store = (
        Store.objects.get(is_default=True)
        if Store.objects.exists()
        else Store.objects.create(name="s", is_default=True)
    )
    key = f"{where.slug}-{person.pk}"
    return Account.objects.create(
        academy=where, person=person, mailbox_key=key, store=store, state=state, created_at=NOW
    )


def posted(
    account: Account, function: str, uai: str = "", days: tuple[Any, Any] = (None, None), **details: Any
) -> None:
    school = School.objects.filter(uai=uai).first()
    row = Posting.objects.create(
        person=account.person, school=school, function=function, starts_on=days[0], ends_on=days[1]
    )
    for kind, values in details.items():
        for value in values:
            PostingDetail.objects.create(posting=row, kind=kind, value=value)


def found(text: str, where: Academy, on: date = TODAY) -> set[str]:
    rows = list(accounts_of(parse(text), where, on))
    assert len(rows) == len(set(rows))
    return {row.person.family_name for row in rows}


def test_and_is_one_posting_and_except_is_the_person(rouen: Academy) -> None:
    both_places, head = someone(rouen, "Both"), someone(rouen, "Head")
    posted(both_places, "ENS", UAIS[0], subject=["MATHEMATIQUES"])
    posted(both_places, "DIR", UAIS[1])
    posted(head, "DIR", UAIS[0])
    assert found("fonction = ENS et établissement = 0760001A", rouen) == {"Both"}
    assert found("fonction = ENS et établissement = 0760002B", rouen) == set()
    assert found("établissement = 0760002B et matière = mathématiques", rouen) == set()
    assert found("établissement = 0760001A sauf fonction = DIR", rouen) == set()
    assert found("fonction = DIR sauf fonction = ENS", rouen) == {"Head"}
    lines = api.why(parse("fonction = ENS et établissement = 0760002B"), both_places, TODAY)
    assert [(line.holds, line.elsewhere) for line in lines] == [(False, True), (True, False), (True, False)]


def test_texts_are_compared_as_people_read_them(rouen: Academy) -> None:
    claire = someone(rouen, "Claire")
    posted(claire, "ENS", UAIS[0], subject=["MATHÉMATIQUES"], principal=["3A"], **{"class": ["3E"]})
    for text in (
        "matière = mathematiques", "matière = math*", "établissement = « collège monod »",
        "ville = « LE HAVRE »",
        "type = COLLEGE", "réseau = rouen-centre", "réseau = « rouen CENTRE »", "professeur principal de 3e",
        "principal = 3a", "classe = 3e", "département = 76", "ville = le*", "principal = *",
    ):  # fmt: skip
        assert found(text, rouen) == {"Claire"}, text
    for text in (
        "matière = math",
        "ville = Havre",
        "principal = 4*",
        "principal = 3E",
        "ville = « Le %avre »",
        "ville = L_*",
    ):
        assert found(text, rouen) == set(), text


def test_days_states_and_academies(rouen: Academy) -> None:
    first, last = date(2026, 9, 1), date(2026, 11, 22)
    gone, coming, closed = (
        someone(rouen, "Gone"),
        someone(rouen, "Coming"),
        someone(rouen, "Closed", "closed"),
    )
    posted(gone, "ENS", UAIS[0], (first, last))
    posted(coming, "ENS", UAIS[0], (TODAY, None))
    posted(closed, "ENS", UAIS[0])
    posted(someone(academy("caen"), "Stranger"), "ENS", UAIS[0])
    assert found("fonction = ENS", rouen) == {"Coming"}
    assert found("fonction = ENS", rouen, last) == {"Gone"}
    assert found("tous", rouen) == {"Gone", "Coming"}
    assert found("non tous", rouen) == set()
    assert not api.is_member(group(rouen, "x", "tous"), closed)


# The database beside plain Python ------------------------------------------------------------------------
CONDITIONS = st.sampled_from([
    "fonction = ENS", "fonction = DIR", "fonction = *", "établissement = 0760001A", "établissement = École*",
    "ville = *", "ville = évreux", "type = *", "département = 76", "département parmi (76, 14)",
    "département = *",
    "réseau = rouen-centre", "réseau = *", "matière = mathematiques", "matière = *", "classe = 3e",
    "classe = 3A",
    "principal = *", "principal parmi (3A, 4B)", "état = actif", "état parmi (invité, suspendu)",
    "domaine = ac-rouen.example", "groupe = chefs", "groupe parmi (chefs, ailleurs)",
]).map(parse.__wrapped__)  # fmt: skip
RULES: st.SearchStrategy[Rule] = st.recursive(
    st.one_of(CONDITIONS, st.just(Everyone())),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: both(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: either(*parts)),
    ),
    max_leaves=6,
)
DAYS = st.sampled_from([None, date(2026, 9, 1), TODAY, date(2026, 11, 22), date(2027, 1, 1)])
POSTINGS = st.tuples(
    st.sampled_from(["ENS", "DIR", "DOC"]), st.sampled_from([*UAIS, ""]),
    st.tuples(DAYS, DAYS).filter(lambda days: None in days or days[0] <= days[1]),
    st.sets(st.sampled_from(["MATHEMATIQUES", "Mathématiques", "LETTRES"]), max_size=2),
    st.sets(st.sampled_from(["3A", "3E", "4B"]), max_size=2),
    st.sets(st.sampled_from(["3A", "4B"]), max_size=1),
)  # fmt: skip
PEOPLE = st.lists(
    st.tuples(st.sampled_from(AccountState.values), st.lists(POSTINGS, max_size=3), st.booleans()), max_size=5
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE, st.lists(RULES, min_size=3, max_size=8))
def test_the_database_finds_what_plain_python_finds(rouen: Academy, people: Any, rules: list[Rule]) -> None:
    groups = {
        "chefs": parse("fonction = DIR sauf état = suspendu"),
        "ailleurs": parse("non groupe = chefs et département = 14"),
    }
    with transaction.atomic():
        for slug, rule in groups.items():
            make(rouen, slug, rule)
        accounts = [peopled(rouen, number, one) for number, one in enumerate(people)]
        for rule in rules:
            expected = {
                account.pk
                for account in accounts
                if account.state not in {"closed", "purged"}
                and Matcher(groups).matches(rule, facts_of(account, TODAY))
            }
            rows = [row.pk for row in accounts_of(rule, rouen, TODAY)]
            assert (set(rows), len(rows)) == (expected, len(expected)), api.unparse(rule)
        transaction.set_rollback(True)


def peopled(where: Academy, number: int, one: Any) -> Account:
    state, postings, with_address = one
    account = someone(where, f"P{number}", state)
    for function, uai, days, subjects, classes, principal in postings:
        posted(account, function, uai, days, subject=subjects, principal=principal, **{"class": classes})
    if with_address:
        domain = where.domains.get(is_primary=True)
        account.addresses.create(
            address=f"p{number}@{domain.name}", domain=domain, is_primary=True, created_at=NOW
        )
    return account


def make(where: Academy, slug: str, rule: Rule) -> Group:
    return Group.objects.create(
        academy=where, slug=slug, name=slug, rule=api.unparse(rule), created_at=NOW, changed_at=NOW
    )


# Groups ---------------------------------------------------------------------------------------------------
def group(where: Academy, slug: str, rule: str, **more: Any) -> Group:
    return actions.create_group(where, slug, GroupWords(slug, rule), **WHY, **more)


def test_a_group_is_made_changed_and_removed_in_the_journal(rouen: Academy) -> None:
    made = group(rouen, "profs", "FONCTION = enseignants")
    assert made.rule == "fonction = ENS"
    same = actions.change_group(made, GroupWords("profs", "fonction = ENS"), **WHY)
    assert same.changed_at == NOW
    assert not JournalEntry.objects.filter(action="group.changed").exists()
    actions.change_group(made, GroupWords("Les profs", "fonction = ENS sauf état = invité"), **WHY)
    actions.remove_group(made, **WHY)
    actions.remove_group(made, **WHY)
    told = JournalEntry.objects.filter(target="group:rouen/profs").order_by("pk")
    assert list(told.values_list("action", flat=True)) == ["group.created", "group.changed", "group.removed"]
    with pytest.raises(NotFound):
        api.group_named(rouen, "profs")
    group(rouen, "profs", "tous")  # the name is free again


@pytest.mark.parametrize("slug", ["", "-a", "a_b", "à", "a" * 51, "a b", "../x"])
def test_a_short_name_is_plain(rouen: Academy, slug: str) -> None:
    with pytest.raises(BadGroup):
        group(rouen, slug, "tous")
    with pytest.raises(BadGroup):
        actions.create_group(rouen, "x", GroupWords(" \u200b ", "tous"), **WHY)


def test_groups_rest_on_groups_and_never_in_a_circle(rouen: Academy) -> None:
    first = group(rouen, "a", "fonction = ENS")
    second = group(rouen, "b", "groupe = a et ville = *")
    with pytest.raises(AlreadyThere):
        group(rouen, "a", "tous")
    for text in ("groupe = b", "groupe = a", "non (groupe = b ou tous)"):
        with pytest.raises(BadRule, match="circle"):
            actions.change_group(first, GroupWords("a", text), **WHY)
    with pytest.raises(BadRule, match="No group"):
        group(rouen, "c", "groupe = nulle-part")
    with pytest.raises(BadRule, match="circle"):
        group(rouen, "d", "groupe = d")
    with pytest.raises(GroupInUse):
        actions.remove_group(first, **WHY)
    actions.remove_group(second, **WHY)
    actions.remove_group(first, **WHY)


def test_a_web_of_groups_stays_small(rouen: Academy) -> None:
    group(rouen, "g0", "ville = *")
    with pytest.raises(BadRule, match=r"large|long"):
        _tower(rouen, 40)
    last = Group.objects.order_by("pk").last()
    assert last is not None
    with pytest.raises(BadRule, match="rests on this one"):
        actions.change_group(
            api.group_named(rouen, "g0"), GroupWords("g0", " ou ".join(["ville = *"] * 60)), **WHY
        )
    assert api.members_of(last).count() == 0


def _tower(where: Academy, floors: int) -> None:
    """Each group names the one below three times."""
    for number in range(1, floors):
        below = f"groupe = g{number - 1}"
        group(where, f"g{number}", f"{below} ou ({below} et {below})")


def test_a_group_stays_within_what_owns_it(rouen: Academy) -> None:
    here, there = someone(rouen, "Here"), someone(rouen, "There")
    posted(here, "ENS", UAIS[0])
    posted(there, "ENS", UAIS[2])
    monod = School.objects.get(uai=UAIS[0])
    for number, owner in enumerate(
        (Owner(school=monod), Owner(department="76"), Owner(network=monod.networks.get()))
    ):
        made = group(rouen, f"ici{number}", "tous ou fonction = ENS", owner=owner)
        assert list(api.members_of(made, TODAY)) == [here]
        above = group(rouen, f"dessus{number}", f"groupe = ici{number}")
        assert list(api.members_of(above, TODAY)) == [here]
        assert [one.slug for one in api.groups_of(here, TODAY)][-1] == above.slug or api.is_member(
            above, here, TODAY
        )
        assert not api.is_member(made, there, TODAY)


def test_a_value_that_nothing_has_is_told_with_what_was_meant(rouen: Academy) -> None:
    posted(someone(rouen, "Claire"), "ENS", UAIS[0], subject=["MATHEMATIQUES"])
    rule = parse("matière = mathematique ou ville = « Le Havre » ou réseau = zzz ou établissement = 0760001A")
    assert set(api.unknown_values(rule, rouen, TODAY)) == {("mathematique", "MATHEMATIQUES"), ("zzz", "")}


def test_a_function_that_there_is_not_is_told_too(rouen: Academy) -> None:
    posted(someone(rouen, "Claire"), "ENS", UAIS[0])
    rule = parse("fonction parmi (enseignants, prof, DIR, ddfpt)")
    assert [value for value, _near in api.unknown_values(rule, rouen, TODAY)] == ["PROF"]


def test_members_are_one_query(rouen: Academy, django_assert_num_queries: Any) -> None:
    rule = parse("fonction = ENS et département = 76 sauf état = invité")
    rows = accounts_of(rule, rouen, TODAY)  # spellings are looked up here
    with django_assert_num_queries(1):
        list(rows)


def test_nothing_of_a_rule_reaches_the_database_as_words(rouen: Academy) -> None:
    claire = someone(rouen, "Claire")
    posted(claire, "ENS", UAIS[0], subject=["x' OR 1=1 --"])
    assert found("matière = « x' OR 1=1 -- »", rouen) == {"Claire"}
    assert found("matière = « y' OR 1=1 -- »", rouen) == set()
    assert found("matière = « %* »", rouen) == set()
