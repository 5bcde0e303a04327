from django.apps import AppConfig


class ChoicesConfig(AppConfig):
    name = "casier.mailbox.choices"
    label = "choices"
