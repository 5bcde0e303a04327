"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.portal.recovery import setting, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("oubli/", views.name),
    path("oubli/moyen/", views.way),
    path("oubli/envoye/", views.sent),
    path("oubli/code/", views.code),
    path("oubli/questions/", views.questions),
    path("compte/questions/", setting.questions),
    path("oubli/lien/<str:token>/", views.link),
    path("oubli/lettre/", views.letter),
    path("oubli/assistance/", views.desk),
]
