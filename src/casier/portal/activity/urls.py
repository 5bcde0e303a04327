"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.activity import listing, protecting

HOME = "compte/activite/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(HOME, listing.activity),
    path(f"{HOME}connexion/<int:sign_in>/", protecting.of_sign_in),
    path(f"{HOME}avis/<uuid:notice>/", protecting.of_notice),
    path(f"{HOME}mot-de-passe/", protecting.new_password),
    path("securite/<str:token>/", protecting.by_link),
]
