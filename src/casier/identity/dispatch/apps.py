from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "casier.identity.dispatch"
    label = "identity_dispatch"
