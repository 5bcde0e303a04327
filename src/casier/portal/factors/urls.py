"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.factors import enrolling, managing, passkey, showing
from casier.portal.factors.enrolling import from_account, on_the_way_in

SHOW = "connexion/second-facteur/"
ENROL = "connexion/second-facteur/inscrire/"
MANAGE = "compte/second-facteur/"
ADD = "compte/second-facteur/ajouter/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/passkey/options/", passkey.options),
    path("connexion/passkey/", passkey.enter),
    path(SHOW, showing.second_factor),
    path(f"{SHOW}options/", showing.second_factor_options),
    path(f"{SHOW}suite/", showing.go_on),
    path(ENROL, on_the_way_in(enrolling.choose)),
    path(f"{ENROL}plus-tard/", on_the_way_in(enrolling.later)),
    path("compte/confirmer/", showing.confirm),
    path("compte/confirmer/options/", showing.confirm_options),
    path(MANAGE, managing.manage),
    path(f"{MANAGE}codes/", managing.codes),
    path(f"{MANAGE}appareils/oublier/", managing.end_trust),
    path(f"{MANAGE}<slug:kind>/<uuid:factor_id>/retirer/", managing.remove),
    path(ADD, from_account(enrolling.choose)),
    *(
        path(f"{base}{name}", guarded(page))
        for base, guarded in ((ENROL, on_the_way_in), (ADD, from_account))
        for name, page in (
            ("application/", enrolling.application),
            ("cle/", enrolling.key),
            ("cle/options/", enrolling.key_options),
            ("telephone/", enrolling.telephone),
        )
    ),
]
