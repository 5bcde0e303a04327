"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.repair import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("depannage/", views.name),
    path("depannage/moyen/", views.way),
    path("depannage/code/", views.code),
    path("depannage/etat/", views.state),
    path("depannage/reference/", views.reference),
    path("depannage/verifier/", views.checks),
]
