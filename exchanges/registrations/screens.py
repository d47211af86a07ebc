"""“Inscriptions”: the dates, who comes to each, and what one does with it. Out of scope: 404."""

from __future__ import annotations

import datetime as dt
import uuid

import django_filters
from django.contrib import messages
from django.core.cache import cache
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from exchanges.registrations import messages as letters
from exchanges.registrations import overview, services
from exchanges.registrations.forms import MessageForm
from exchanges.registrations.models import Registration
from regions.admin import guard
from regions.admin.guard.checks import number
from regions.admin.records import RecordIndexView, RecordPolicy, RecordViewSet, ScopedRecordMixin
from regions.admin.scoped.filters import ScopedFilters

State = Registration.State
ACTIONS = frozenset({"delete"})
ACTS = (("present", "venu"), ("seat", "placer"), ("withdraw", "desinscrire"))
SENT_FOR = 24 * 3600  # seconds during which the same message is not sent twice


def rows_of(user, value: str):
    """The person's registrations for ``12`` or ``12_2027-03-02``; ``None`` when that is no date of theirs."""
    event, _bar, day = value.partition("_")
    try:
        on = dt.date.fromisoformat(day) if day else None
    except ValueError:
        return None
    pk = number(event)
    return Registration.objects.for_user(user).filter(event_id=pk, occurrence_on=on) if pk else None


def is_new(key: uuid.UUID) -> bool:
    """Note that a message is sent; tell whether it was not sent before.

    Raises:
        django.db.OperationalError: it could not be noted. The cache answers the same to that as to a key it has.
    """
    name = f"registration-word:{key}"
    if cache.add(name, 1, SENT_FOR):
        return True
    if cache.get(name) is None:
        raise OperationalError("a message that could not be noted as sent is not sent")
    return False


class RegistrationFilterSet(ScopedFilters, WagtailFilterSet):
    """By date of an event, and by state."""

    session = django_filters.ChoiceFilter(label=gettext_lazy("Event"), method="of_session")
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=State.choices)

    class Meta:
        model = Registration
        fields: tuple[str, ...] = ("session", "state")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.value, row.label) for row in overview.dates(self.request.user)]
        self.filters["session"].extra["choices"] = choices

    def of_session(self, queryset, name, value):
        rows = rows_of(self.request.user, value)
        return queryset.none() if rows is None else queryset.filter(pk__in=rows.values("pk"))


class PersonColumn(Column):
    """Who, how many, and how to write to them."""

    cell_template_name = "exchanges/admin/registration_person.html"


class ActsColumn(Column):
    """The buttons of a registration."""

    cell_template_name = "exchanges/admin/registration_acts.html"

    def get_cell_context_data(self, instance, parent_context):
        return super().get_cell_context_data(instance, parent_context) | {"request": parent_context.get("request")}


class RegistrationIndexView(RecordIndexView):
    """Who comes, and who waits: the list at the door."""

    default_ordering = None
    template_name = "exchanges/admin/registrations.html"
    page_title = gettext_lazy("Registrations")

    def get_base_queryset(self):
        rows = super().get_base_queryset().select_related("event", "groupement")
        return rows.order_by("-starts_at", "event_id", "state", "registered_at", "pk")

    @property
    def list_filename(self) -> str:
        return "inscriptions"

    def get_context_data(self, *args, **kwargs):
        value = self.request.GET.get("session", "")
        rows = rows_of(self.request.user, value) if value else None
        date = overview.date_of(self.request.user, value) if rows is not None else None
        return super().get_context_data(*args, date=date, **kwargs)


class DatesView(ScopedRecordMixin, View):
    """The dates for which people register: how many come, how many wait, how many places."""

    http_method_names = ("get", "head", "options")
    model = Registration
    permission_policy = RecordPolicy(Registration, ACTIONS)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = overview.dates(request.user)
        context = {
            "coming": [date for date in found if not date.is_over],
            "over": [date for date in reversed(found) if date.is_over],
            "open_events": overview.events_without_anybody(request.user),
        }
        return render(request, "exchanges/admin/registration_dates.html", context)


class ActView(ScopedRecordMixin, View):
    """One of the buttons of a registration."""

    http_method_names = ("post", "options")
    act = ""
    model = Registration
    permission_policy = RecordPolicy(Registration, ACTIONS)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        wanted = number(pk)
        rows = self.get_base_queryset().select_related("event", "groupement__site")
        row = rows.filter(pk=wanted).first() if wanted else None
        if row is None:
            raise Http404
        done, sentence = getattr(self, f"_{self.act}")(row)
        (messages.success if done else messages.warning)(request, sentence)
        return redirect(f"{reverse('registration:index')}?session={row.session_value}")

    def _present(self, row):
        if services.mark(registration=row):
            return True, _("%(name)s came.") % {"name": row.name}
        return True, _("%(name)s is no longer noted as present.") % {"name": row.name}

    def _seat(self, row):
        if services.seat(registration=row):
            return True, _("%(name)s has a place, and is told so by mail.") % {"name": row.name}
        return False, _("%(name)s does not wait for a place any more.") % {"name": row.name}

    def _withdraw(self, row):
        if services.cancel(registration=row):
            return True, _("The registration of %(name)s is cancelled; they are told so by mail.") % {"name": row.name}
        return False, _("This registration was cancelled already.")


class WriteView(ScopedRecordMixin, View):
    """A message to all those who come to one date."""

    http_method_names = ("get", "head", "post", "options")
    model = Registration
    permission_policy = RecordPolicy(Registration, ACTIONS)

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.value = kwargs["session"]

    def _rows(self):
        rows = rows_of(self.request.user, self.value)
        if rows is None or not rows.active().exists():
            raise Http404
        return rows

    def get(self, request: HttpRequest, session: str) -> HttpResponse:
        return self._show(self._rows(), MessageForm(initial={"key": uuid.uuid4()}))

    def post(self, request: HttpRequest, session: str) -> HttpResponse:
        rows, form = self._rows(), MessageForm(request.POST)
        if not form.is_valid():
            return self._show(rows, form, status=422)
        words = form.cleaned_data
        recipients = rows.active() if words["with_waiting"] else rows.seated()
        if not is_new(words["key"]):
            messages.warning(request, _("This message was sent already."))
        else:
            count = letters.write_to_all(recipients, subject=words["subject"], text=words["text"])
            sentence = ngettext(
                "Your message goes to %(count)s person.", "Your message goes to %(count)s people.", count
            )
            messages.success(request, sentence % {"count": count})
        return redirect(f"{reverse('registration:index')}?session={self.value}")

    def _show(self, rows, form: MessageForm, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "date": overview.date_of(self.request.user, self.value),
            "seated": rows.seated().count(),
            "waiting": rows.waiting().count(),
        }
        return render(self.request, "exchanges/admin/registration_write.html", context, status=status)


class RegistrationViewSet(RecordViewSet):
    """The screens of registrations. Its menu entry leads to the dates, each of which leads to its list."""

    model = Registration
    url_prefix = "inscriptions"
    icon = "group"
    actions = ACTIONS
    form_fields = ()
    list_export = (
        "event_label",
        "starts_at",
        "name",
        "email",
        "count",
        "state_label",
        "presence_label",
        "registered_at",
    )
    filterset_class = RegistrationFilterSet
    index_view_class = RegistrationIndexView
    list_per_page = 100
    add_to_admin_menu = False

    @property
    def list_display(self):
        return [
            PersonColumn("name", label=_("Name")),
            Column("count", label=_("People")),
            Column("state_label", label=_("State")),
            Column("event_label", label=_("Event")),
            DateColumn("registered_at", label=_("Registered on")),
            ActsColumn("acts", label=_("What to do")),
        ]

    def get_urlpatterns(self):
        acts = [path(f"<str:pk>/{address}/", ActView.as_view(act=name), name=name) for name, address in ACTS]
        return [
            path("dates/", DatesView.as_view(), name="dates"),
            path("ecrire/<str:session>/", WriteView.as_view(), name="write"),
            *super().get_urlpatterns(),
            *acts,
        ]

    def guard_rules(self) -> dict[str, guard.Rule]:
        rules = super().guard_rules()

        def own_session(reach, value, kwargs) -> bool:
            rows = rows_of(reach.user, str(value))
            return rows is not None and rows.exists()

        entering = rules[self.get_url_name("index")].request
        return rules | {self.get_url_name("write"): guard.Rule(ids={"session": own_session}, request=entering)}
