from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "casier.mailbox.teamwork"
    label = "teamwork"
