"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.activation import duties, proving

urlpatterns: list[URLPattern | URLResolver] = [
    path("activation/", proving.start),
    path("activation/langue/", proving.language),
    path("activation/naissance/", proving.question, {"name": "naissance"}),
    path("activation/nom/", proving.question, {"name": "nom"}),
    path("activation/coordonnees/", duties.details),
    path("activation/coordonnees/signaler/", duties.wrong),
    path("activation/memo/", duties.memo),
    path("connexion/charte/", duties.charter),
    path("compte/memo/", duties.memo_again),
    path("documents/<slug:kind>/", duties.published),
]
