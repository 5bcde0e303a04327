from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "casier.console"
    label = "console"
