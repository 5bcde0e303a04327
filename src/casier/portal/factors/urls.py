"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.factors import enrolling, fresh, managing, passkey, way_in
from casier.portal.factors.places import PLACES

SHOW = "connexion/second-facteur/"
ENROL = "connexion/second-facteur/inscrire/"
MANAGE = "compte/second-facteur/"
ADD = "compte/second-facteur/ajouter/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/passkey/options/", passkey.options),
    path("connexion/passkey/", passkey.enter),
    path(SHOW, way_in.second_factor),
    path(f"{SHOW}options/", way_in.second_factor_options),
    path(f"{SHOW}suite/", way_in.go_on),
    path(ENROL, PLACES.on_the_way_in(enrolling.choose)),
    path(f"{ENROL}plus-tard/", PLACES.on_the_way_in(enrolling.later)),
    path("compte/confirmer/", fresh.confirm),
    path("compte/confirmer/options/", fresh.confirm_options),
    path(MANAGE, managing.manage),
    path(f"{MANAGE}codes/", managing.codes),
    path(f"{MANAGE}appareils/oublier/", managing.end_trust),
    path(f"{MANAGE}<slug:kind>/<uuid:factor_id>/renommer/", managing.rename),
    path(f"{MANAGE}<slug:kind>/<uuid:factor_id>/retirer/", managing.remove),
    path(ADD, PLACES.in_account(enrolling.choose)),
    *(
        path(f"{base}{name}", guarded(page))
        for base, guarded in ((ENROL, PLACES.on_the_way_in), (ADD, PLACES.in_account))
        for name, page in (
            ("application/", enrolling.application),
            ("cle/", enrolling.key),
            ("cle/options/", enrolling.key_options),
            ("telephone/", enrolling.telephone),
        )
    ),
]
