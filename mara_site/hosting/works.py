"""The periodic works of the clock, as an administrator knows them."""

from django.utils.translation import gettext_lazy as _

WORKS = {
    "settle_restoration": _("putting right a restoration that was cut"),
    "publish_scheduled": _("publishing what was scheduled"),
    "continue_contact_imports": _("going on with imports of contacts"),
    "follow_event_dates": _("laying out the dates of events"),
    "follow_index": _("keeping the search up to date"),
    "read_event_sources": _("reading partners' calendars"),
    "purge_counts": _("forgetting old counts of tries"),
    "deliver_mail": _("sending messages"),
    "extend_calendars": _("extending calendars"),
    "end_expired_mandates": _("ending mandates"),
    "follow_labels": _("following labels"),
    "clearsessions": _("forgetting old sessions"),
    "purge_mail": _("forgetting old messages"),
    "purge_search_counts": _("forgetting old searches"),
    "follow_callbacks": _("reminding of requests to be called back"),
    "follow_registrations": _("following registrations"),
    "follow_checks": _("asking whether pages are still right"),
    "purge_corrections": _("forgetting old corrections"),
    "locate_contacts": _("placing contacts on the map"),
    "purge_contact_imports": _("forgetting old imports of contacts"),
    "purge_event_imports": _("forgetting old imports of events"),
    "purge_made_files": _("removing old printed files"),
    "purge_tasks": _("forgetting old tasks"),
}
