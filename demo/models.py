from django.db import models


class LoadedContent(models.Model):
    """Which state of the demonstration's content this database has been given; one row."""

    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.loaded_at:%Y-%m-%d %H:%M}"
