from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "casier.console"
    label = "console"

    def ready(self) -> None:
        from casier.console.deeds import action_words
        from casier.privacy.copies.more import act_words

        # What acts are called stands here; copies of people's data call them the same.
        act_words.append(action_words)
