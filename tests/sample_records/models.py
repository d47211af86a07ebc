from django.db import models

from regions.models import GroupementRecord


class SampleRecord(GroupementRecord):
    """Somebody's request, say."""

    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.title
