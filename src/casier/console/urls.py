"""The addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from casier.console.views import (
    academies,
    attacks,
    letters,
    mandates,
    people,
    policies,
    requests,
    resets,
    versions,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.home),
    path("personnes/<uuid:account_id>/", people.person),
    path("personnes/<uuid:account_id>/reinitialiser/", resets.password),
    path("personnes/<uuid:account_id>/secondes-preuves/", resets.factors),
    path("personnes/<uuid:account_id>/lettre/", letters.ask),
    path("personnes/<uuid:account_id>/charge/", mandates.give),
    path("personnes/<uuid:account_id>/<slug:slug>/", people.act),
    path("references/<str:given>/", requests.reference),
    path("demandes/", requests.queue),
    path("reinitialisations/<uuid:reset_id>/", resets.decide),
    path("reinitialisations/<uuid:reset_id>/mot-de-passe/", resets.take),
    path("signalements/<str:given>/", requests.report),
    path("corrections/<str:given>/", requests.correction),
    path("lettres/", letters.listed),
    path("lettres/imprimer/", letters.printing),
    path("lettres/<uuid:letter_id>/", letters.one),
    path("blocages/", attacks.blocks),
    path("politique/", policies.mine),
    path("politique/<slug:slug>/", policies.show),
    path("politique/<slug:slug>/ensemble/", policies.whole),
    path("politique/<slug:slug>/appliquer/", policies.put_in_force),
    path("politique/<slug:slug>/tout/", policies.everything),
    path("politique/<slug:slug>/toml/", versions.as_file),
    path("politique/<slug:slug>/versions/<int:number>/", versions.one),
    path("politique/<slug:slug>/versions/<int:number>/toml/", versions.as_file),
    path("politique/<slug:slug>/versions/<int:number>/reprendre/", versions.again),
    path("politique/<slug:slug>/<slug:name>/", policies.section),
    path("academies/", academies.listed),
    path("academies/<slug:slug>/", academies.one),
    path("nouvelle-academie/", academies.create),
    path("charges/", mandates.listed),
    path("charges/<int:mandate_id>/fin/", mandates.end),
]
