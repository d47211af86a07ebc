from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from resources import signal_handlers
        from resources.events import signal_handlers as event_handlers
        from resources.index import signal_handlers as index_handlers

        signal_handlers.connect()
        event_handlers.connect()
        index_handlers.connect()
