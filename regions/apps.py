from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = _("network")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regions import restrictions, root_paths, signal_handlers
        from regions.admin import notices

        root_paths.install()
        signal_handlers.connect()
        restrictions.connect()
        notices.connect()
