from django.apps import AppConfig


class FactorsConfig(AppConfig):
    name = "casier.identity.factors"
    label = "identity_factors"
