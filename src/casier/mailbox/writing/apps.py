from django.apps import AppConfig


class WritingConfig(AppConfig):
    name = "casier.mailbox.writing"
    label = "writing"
