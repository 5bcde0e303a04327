"""What the console says of outside contributors: words, never codes; and which of them somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.acting import NotWithin
from casier.console.down import unless_down
from casier.contributors import api
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability, schools_within
from casier.directory.models import AccountState, School
from casier.kernel.errors import CasierError, NotAllowed
from casier.life.clocks import day_of
from casier.policies.policy import Contributors

ASK, APPROVE = Ability.REQUEST_CONTRIBUTOR, Ability.APPROVE_CONTRIBUTOR
SOON = timedelta(days=30)
# The fields of the form, and what the request calls them.
FIELDS = {
    "title": "civilite", "given_name": "prenom", "family_name": "nom", "birth_date": "naissance",
    "role": "role", "starts_on": "debut", "ends_on": "fin", "reason": "motif", "mail": "courriel",
    "telephone": "telephone", "person": "personne", "school": "etablissement",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """The schools for which this desk asks, and those for which it decides."""

    asks: QuerySet[School]
    decides: QuerySet[School]

    @classmethod
    def of(cls, desk: Desk) -> Reach:
        asks = schools_within(desk.account, ASK, desk.now).filter(is_open=True).order_by("name", "uai")
        return cls(asks, schools_within(desk.account, APPROVE, desk.now))

    @property
    def sees(self) -> QuerySet[School]:
        return School.objects.filter(pk__in=self.asks.values("pk")) | School.objects.filter(
            pk__in=self.decides.values("pk")
        )

    def may_ask(self, school: School) -> bool:
        return self.asks.filter(pk=school.pk).exists()

    def may_decide(self, school: School) -> bool:
        return self.decides.filter(pk=school.pk).exists()


def reach_of(desk: Desk) -> Reach:
    """Raises NotAllowed where no office has anything to do with contributors."""
    if not {ASK, APPROVE} & desk.abilities:
        raise NotAllowed("No mandate allows this.", ability=ASK.value)
    return Reach.of(desk)


def stay_within(reach: Reach, key: str) -> api.Stay:
    """The contributor with this number. Raises NotWithin, there or not."""
    try:
        found = api.stay_with(key)
    except NotFound as error:
        raise NotWithin("Not within your perimeter.") from error
    if not reach.sees.filter(pk=found.school_id).exists():
        raise NotWithin("Not within your perimeter.")
    return found


def request_within(reach: Reach, key: str) -> api.Request:
    """The request with this number. Raises NotWithin, there or not."""
    try:
        found = api.request_with(key)
    except NotFound as error:
        raise NotWithin("Not within your perimeter.") from error
    if not reach.sees.filter(pk=found.school_id).exists():
        raise NotWithin("Not within your perimeter.")
    return found


# Words ------------------------------------------------------------------------------------------------
def day(value: date | None) -> str:
    """« 24 novembre 2026 »."""
    return dateformat.format(value, _("j F Y")) if value else "–"


def stay_row(stay: api.Stay, today: date) -> dict[str, Any]:
    """A contributor as lists show them."""
    phase = api.phase_of(stay, today)
    ends_on = stay.posting.ends_on
    soon = phase is api.Phase.GOING and ends_on is not None and ends_on <= today + SOON
    words = {
        api.Phase.COMING: _("à partir du %(day)s") % {"day": day(stay.posting.starts_on)},
        api.Phase.GOING: _("jusqu’au %(day)s") % {"day": day(ends_on)},
        api.Phase.OVER: _("terminé le %(day)s") % {"day": day(ends_on)},
    }
    return {
        "stay": stay,
        "name": stay.account.person.full_name,
        "when": words[phase],
        "soon": soon,
        "waits": stay.account.state == AccountState.INVITED and phase is api.Phase.GOING,
    }


def state_words(request: api.Request) -> str:
    """Where a request stands."""
    return {
        api.State.WAITING: _("en attente de la DSI"),
        api.State.APPROVED: _("acceptée"),
        api.State.REFUSED: _("refusée"),
        api.State.WITHDRAWN: _("retirée"),
        api.State.LAPSED: _("sans réponse"),
    }[api.State(request.state)]


def way_words(stay: api.Stay) -> str:
    """How far the contributor is with their first sign-in."""
    if stay.account.state != AccountState.INVITED:
        return _("La boîte est ouverte.")
    if stay.way_in_at is None:
        return _("Le premier accès n’a pas encore été remis.")
    return _("Le premier accès a été remis ; la boîte n’est pas encore ouverte.")


def effects(wanted: api.Wanted, school: School, rules: Contributors, today: date) -> list[str]:
    """What a request will do, said before it is sent."""
    by_message = rules.way_in == "message" and (wanted.mail or wanted.telephone)
    return [
        _("La DSI reçoit la demande et répond ; rien ne s’ouvre avant."),
        _("Si elle accepte : une boîte à son nom, du %(first)s au %(last)s.")
        % {"first": day(wanted.starts_on), "last": day(wanted.ends_on)},
        _("Au plus tard le %(day)s, par la politique de l’académie.")
        % {"day": day(api.furthest(wanted.starts_on, today, rules))},
        _("Son premier accès part à son adresse ou à son téléphone personnels, le premier jour.")
        if by_message
        else _("Vous imprimez sa feuille d’arrivée et la remettez en main propre."),
        _("L’accès se ferme de lui-même ; vous et la personne êtes avertis avant."),
        _("Vous répondez de cette personne pour %(school)s.") % {"school": school.name},
    ]


def refusal(error: CasierError) -> tuple[str, str]:
    """The field at which ERROR is shown, and its sentence."""
    unless_down(error)
    name = FIELDS.get(str(error.facts.get("field", "")), "motif")
    return name, _field_words(error) if error.code == "bad_contributor" else _words(error)


def _field_words(error: CasierError) -> str:
    why, name = str(error.facts.get("why", "")), str(error.facts.get("field", ""))
    last = error.facts.get("last")
    known = {
        "missing": _missing(name),
        "past": _("Le premier jour est passé : choisissez aujourd’hui ou plus tard."),
        "before": _("Le dernier jour vient avant le premier, ou il est passé."),
        "not_later": _("Choisissez un jour plus lointain que la fin actuelle."),
        "no_letters": _("Aucune adresse ne peut être formée de ce nom : écrivez-le en lettres latines."),
        "bad_day": _("Cette date ne convient pas : écrivez-la comme 14/03/1987."),
        "not_an_address": _("Ce n’est pas une adresse de courriel."),
        "other_letters": _("Cette adresse contient des lettres qui prêtent à confusion."),
        "own_domain": _("C’est une adresse académique : donnez une adresse personnelle."),
        "looks_like_own": _("Cette adresse ressemble trop à une adresse académique."),
        "nowhere": _("Personne ne peut être joint à cette adresse."),
        "not_a_number": _("Ce n’est pas un numéro de téléphone."),
        "country": _("Les SMS ne partent pas vers ce pays."),
        "premium": _("Ce numéro est surtaxé."),
        "no_text": _("Ce numéro ne reçoit pas de SMS : donnez un mobile."),
        "other_academy": _("Cette personne est d’une autre académie."),
        "oneself": _("Personne ne répond de soi-même."),
        "closed": _("Cet établissement est fermé."),
        "ends_elsewhere": _("Son compte prend fin dans son académie : la prolongation ne tiendrait pas."),
        "choose": _("Dites qui c’est : une des personnes de la liste, ou quelqu’un de nouveau."),
    }
    if why == "too_early" and last:
        return _("C’est trop tôt : le premier jour est au plus tard le %(day)s.") % {"day": _on(last)}
    if why == "too_long" and last:
        return _("C’est trop long : au plus tard le %(day)s.") % {"day": _on(last)}
    return known.get(why) or _("C’est trop long, ou ne convient pas.")


def _missing(name: str) -> str:
    return {
        "given_name": _("Écrivez le prénom."),
        "family_name": _("Écrivez le nom."),
        "birth_date": _("Écrivez la date de naissance : elle distingue les homonymes."),
        "role": _("Écrivez ce que la personne vient faire."),
        "reason": _("Écrivez le motif : il est lu par la DSI et inscrit au journal."),
        "starts_on": _("Écrivez le premier jour, comme 14/03/2027."),
        "ends_on": _("Écrivez le dernier jour, comme 14/03/2027."),
    }.get(name, _("Il manque quelque chose ici."))


def _on(value: object) -> str:
    return day(date.fromisoformat(str(value)))


def _words(error: CasierError) -> str:
    if error.code == "too_many_contributors":
        if error.facts.get("why") == "day":
            return _("Vous avez fait trop de demandes aujourd’hui : reprenez demain.")
        return _("L’établissement a déjà autant d’intervenants que la politique en admet (%(most)s).") % {
            "most": error.facts.get("most", "")
        }
    return {
        "contributors_off": _("L’académie n’admet pas d’intervenant extérieur."),
        "contributor_asked": _("C’est déjà demandé, ou la personne intervient déjà ici."),
        "wrong_step": _("Ce n’est plus possible : quelqu’un a répondu, ou la période est finie."),
        "wrong_state": _("L’état du compte ne le permet pas."),
        "same_person": _("Une autre personne que vous doit le faire."),
        "not_allowed": _("Votre charge ne permet pas cet acte."),
        "nobody_in_charge": _(
            "L’établissement n’a personne à sa tête : donnez d’abord cette charge à quelqu’un."
        ),
    }.get(error.code) or _("Ce n’est pas possible : %(code)s.") % {"code": error.code}


def today_of(desk: Desk) -> date:
    return day_of(desk.now)
