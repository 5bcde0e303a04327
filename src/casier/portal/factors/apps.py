from django.apps import AppConfig


class FactorsPagesConfig(AppConfig):
    name = "casier.portal.factors"
    label = "portal_factors"
