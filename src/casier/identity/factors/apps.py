from django.apps import AppConfig


class FactorsConfig(AppConfig):
    name = "casier.identity.factors"
    label = "identity_factors"

    def ready(self) -> None:
        from casier.identity.factors import endings

        endings.connect()
