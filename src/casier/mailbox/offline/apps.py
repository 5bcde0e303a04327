from django.apps import AppConfig


class OfflineConfig(AppConfig):
    name = "casier.mailbox.offline"
    label = "offline"
