from django.apps import AppConfig


class Rights(AppConfig):
    name = "casier.rights"
    label = "rights"

    def ready(self) -> None:
        from casier.groups import api as groups
        from casier.policies import api as policies
        from casier.rights import brought

        groups.users.append(brought.uses_of)
        policies.within.append(brought.unknown_groups)
