from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "casier.policies"
    label = "policies"
