from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = _("steering")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dashboards import given
        from regions import parts

        parts.add(parts.Spot.HOME, given.on_home)
        parts.add(parts.Spot.FRAMES, given.above_frames)
