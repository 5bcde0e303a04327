from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "casier.identity.history"
    label = "identity_history"
