from django.apps import AppConfig


class DelegationsConfig(AppConfig):
    name = "casier.mailbox.delegations"
    label = "delegations"
