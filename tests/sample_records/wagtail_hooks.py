from wagtail import hooks

from regions.admin.records import RecordViewSet
from tests.sample_records.models import SampleRecord


class SampleRecordViewSet(RecordViewSet):
    """Every screen that the base has."""

    model = SampleRecord
    actions = frozenset({"add", "change", "delete"})
    inspect_view_enabled = True
    inspect_view_fields = ("title", "note")
    form_fields = ("title", "note", "page", "groupement")
    list_display = ("title", "note")
    list_filter = ("groupement", "page")
    list_export = ("title", "note")
    search_fields = ("title",)


@hooks.register("register_admin_viewset")
def register_sample_records():
    return SampleRecordViewSet()
