"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.passwords import changing, choosing

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/mot-de-passe/", choosing.due),
    path("connexion/mot-de-passe/essai/", choosing.weigh),
    path("compte/mot-de-passe/", changing.change),
]
