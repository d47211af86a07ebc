"""What must happen regularly, and when it last did."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pulse(models.Model):
    """One regular work of the installation: the clock's turn, a periodic command, a backup, a restore drill."""

    name = models.CharField(_("name"), max_length=64, primary_key=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True)
    failed_at = models.DateTimeField(_("last failure"), null=True)
    # The kind of the error, never its words: they may quote what somebody typed.
    failure = models.CharField(_("kind of failure"), max_length=120, blank=True)
    facts = models.JSONField(_("facts"), default=dict)

    class Meta:
        verbose_name = _("regular work")
        verbose_name_plural = _("regular works")

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        """Whether its last try failed."""
        return self.failed_at is not None and (self.succeeded_at is None or self.succeeded_at < self.failed_at)
