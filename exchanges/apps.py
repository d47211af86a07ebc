from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangesConfig(AppConfig):
    name = "exchanges"
    verbose_name = _("exchanges")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from exchanges.registrations import signal_handlers

        signal_handlers.connect()
