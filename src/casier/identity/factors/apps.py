from django.apps import AppConfig


class FactorsConfig(AppConfig):
    name = "casier.identity.factors"
    label = "identity_factors"

    def ready(self) -> None:
        from casier.groups import api as groups
        from casier.identity.factors import endings, required
        from casier.policies import api as policies

        endings.connect()
        groups.users.append(required.uses_of)
        policies.within.append(required.unknown_groups)
