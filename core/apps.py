from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("foundation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import checks, security_checks, signal_handlers  # noqa: F401  (importing checks registers them)

        signal_handlers.connect()
