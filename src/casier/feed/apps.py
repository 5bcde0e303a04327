from django.apps import AppConfig


class Feed(AppConfig):
    name = "casier.feed"
    label = "feed"
