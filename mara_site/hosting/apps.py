from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HostingConfig(AppConfig):
    name = "mara_site.hosting"
    verbose_name = _("hosting")
    default_auto_field = "django.db.models.BigAutoField"
