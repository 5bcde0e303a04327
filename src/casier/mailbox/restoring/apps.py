from django.apps import AppConfig


class RestoringConfig(AppConfig):
    name = "casier.mailbox.restoring"
    label = "restoring"
