"""Two people from outside at a college of Rouen: one at work, one whom the DSI is still asked about."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from casier.audit.api import Actor
from casier.contributors import api
from casier.demo.cast import PASSWORD
from casier.directory import actions
from casier.directory.models import Account, School
from casier.identity.activation.documents import accept_all
from casier.identity.api import set_password
from casier.kernel.secret import Secret
from casier.life.clocks import day_of

# Nobody of the demonstration sits at the server: whoever set it up did.
BY = Actor.operator("demo")
_UAI, _HEAD = "0769201N", "demo-anne-sophie"


def demo_contributors(now: datetime) -> None:
    """Have both, once: what was decided since stays as it is."""
    school = School.objects.filter(uai=_UAI).first()
    head = Account.objects.filter(person__keys__key=_HEAD).first()
    if school is None or head is None or api.Request.objects.filter(school=school).exists():
        return
    today = day_of(now)
    there = _wanted("Malik", "Benali", "Intervenant en musique", date(1986, 2, 11), today, 24)
    stay = api.approve(_asked(school, head, there, now), api.Agreed(), by=BY, now=now)
    set_password(stay.account, Secret(PASSWORD), BY, "démonstration")
    actions.activate(stay.account, by=BY, reason="démonstration", now=now)
    accept_all(stay.account, BY, now)
    _asked(school, head, _wanted("Inès", "Delmas", "Atelier théâtre", date(1991, 6, 3), today, 200), now)


def _asked(school: School, head: Account, wanted: api.Wanted, now: datetime) -> api.Request:
    return api.ask(school, wanted, asker=head, by=BY, now=now)


def _wanted(given: str, family: str, role: str, born: date, today: date, days: int) -> api.Wanted:
    return api.Wanted(
        given, family, role, today, today + timedelta(days=days),
        reason="projet d’établissement, convention signée", birth_date=born,
    )  # fmt: skip
