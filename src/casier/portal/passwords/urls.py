"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.passwords import changing, choosing, devices

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/mot-de-passe/", choosing.due),
    path("connexion/mot-de-passe/essai/", choosing.weigh),
    path("compte/mot-de-passe/", changing.change),
    path("compte/mots-de-passe/", devices.devices),
    path("compte/mots-de-passe/nouveau/", devices.new),
    path("compte/mots-de-passe/<uuid:app_password_id>/revoquer/", devices.revoke),
    path("compte/mots-de-passe/logiciel/<uuid:program_id>/", devices.decide),
]
