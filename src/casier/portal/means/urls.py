"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.means import checking, managing, recording
from casier.portal.means.places import PLACES

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/secours/", PLACES.on_the_way_in(recording.record)),
    path("connexion/secours/code/", PLACES.on_the_way_in(recording.code)),
    path("connexion/secours/code/autre/", PLACES.on_the_way_in(recording.again)),
    path("connexion/secours/verifier/", checking.check),
    path("compte/secours/", managing.manage),
    path("compte/secours/toujours-bon/", managing.still_good),
    path("compte/secours/<uuid:means_id>/retirer/", managing.remove),
    path("compte/secours/ajouter/", PLACES.in_account(recording.record)),
    # Who asked for the code has given a fresh proof, which may be over by the time that it arrives.
    path("compte/secours/ajouter/code/", PLACES.in_account(recording.code, fresh=False)),
    path("compte/secours/ajouter/code/autre/", PLACES.in_account(recording.again, fresh=False)),
]
