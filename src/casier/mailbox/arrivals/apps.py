from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    name = "casier.mailbox.arrivals"
    label = "arrivals"
