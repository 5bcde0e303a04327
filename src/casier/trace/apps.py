from django.apps import AppConfig


class Trace(AppConfig):
    name = "casier.trace"
    label = "trace"
