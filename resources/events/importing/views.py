"""The screens of an import of events. Everything is looked up within what the person holds: another's is a 404."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core.tasks.asking import ask_soon
from regions.reach import Reach, reach_of, starts_with
from resources.events.importing import applying, refreshing, undoing, writing
from resources.events.importing.comparing import compare
from resources.events.importing.forms import MAX_SOURCES, SourceForm
from resources.events.importing.models import Action, EventImport, EventSource, Notice, Outcome, State
from resources.events.models import EventCalendarPage
from resources.listing import page_number

ROWS_SHOWN = 50
WAIT_SECONDS = 15  # before a page that waits for the clock looks again


def sections_of(reach: Reach) -> QuerySet[EventCalendarPage]:
    """The calendars that a person writes in."""
    sections = EventCalendarPage.objects.select_related("locale").order_by("path")
    return sections if reach.everything else sections.filter(starts_with(reach.paths))


def owner_of(section: EventCalendarPage):
    """The groupement of a calendar; ``None`` for the nation's."""
    return getattr(section.get_parent().specific, "groupement", None)


def own_or_404(request: HttpRequest, pk: int) -> EventCalendarPage:
    """A calendar that the person may add events to."""
    section = get_object_or_404(sections_of(reach_of(request.user)), pk=pk)
    if not applying.may_write(request.user, section):
        raise Http404
    return section


class ImportIndexView(View):
    """The calendars that a person may fill; straight to the one of the usual language where there is only one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sections = list(sections_of(reach_of(request.user)))
        if not sections:
            raise Http404
        usual = [section for section in sections if section.locale.is_default]
        if len(usual) == 1:
            return redirect("event_import_section", usual[0].pk)
        rows = [{"section": section, "home": section.get_parent()} for section in sections]
        return render(request, "resources/admin/events/index.html", {"rows": rows})


class ImportSectionView(View):
    """One calendar: a partner's to bring in, those there are, and what they brought in the last thirty days."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        section = own_or_404(request, pk)
        return self._show(section, SourceForm(section=section, groupement=None))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        section = own_or_404(request, pk)
        groupement = owner_of(section)
        form = SourceForm(request.POST, request.FILES, section=section, groupement=groupement)
        if form.is_valid() and form.same_file_source is None and section.sources.count() >= MAX_SOURCES:
            form.add_error(None, _("There are thirty partners' calendars here already: remove one of them first."))
        if not form.is_valid():
            return self._show(section, form)
        origin = self._bring(section, groupement, form)
        return redirect("event_import", origin.pk)

    @transaction.atomic
    def _bring(self, section: EventCalendarPage, groupement, form: SourceForm) -> EventImport:
        """The source, and its reading: compared at once for a file, wished for an address and for a very long file."""
        user, address = self.request.user, form.cleaned_data["address"]
        source = None if address else form.same_file_source
        if source is None:
            source = EventSource.objects.create(
                groupement=groupement,
                section=section,
                title=form.cleaned_data["title"],
                address=address,
                created_by=user,
                read_from=timezone.now() if address else None,
            )
        state = State.READY if form.found is not None else State.FETCHING
        origin = EventImport.objects.create(
            groupement=groupement, source=source, started_by=user, state=state, raw=form.raw
        )
        if form.found is not None:
            compare(origin, form.found)
            EventSource.objects.filter(pk=source.pk).update(last_read_at=origin.started_at)
        elif address:
            ask_soon(refreshing.read_address, source.pk)
        else:
            ask_soon(refreshing.read_kept, origin.pk)
        return origin

    def _show(self, section: EventCalendarPage, form: SourceForm) -> HttpResponse:
        user = self.request.user
        waits = ~Q(events__notice="") & Q(events__page__isnull=False)
        sources = EventSource.objects.for_user(user).filter(section=section)
        imports = EventImport.objects.for_user(user).filter(source__section=section)
        context = {
            "section": section,
            "home": section.get_parent(),
            "form": form,
            "sources": sources.annotate(
                waiting=Count("events", filter=waits), drafts=Count("events", filter=Q(events__page__live=False))
            ),
            "imports": imports.select_related("source", "started_by")[:ROWS_SHOWN],
        }
        return render(self.request, "resources/admin/events/section.html", context, status=422 if form.errors else 200)


class SourceView(View):
    """A partner's calendar: when it was read, what waits for a decision, the drafts. Each form says its ``step``."""

    @cached_property
    def source(self) -> EventSource:
        rows = EventSource.objects.for_user(self.request.user).select_related("section", "groupement")
        source = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not applying.may_write(self.request.user, source.section):
            raise Http404
        return source

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.source
        events = source.events.filter(page__isnull=False).select_related("page__latest_revision")
        paginator = Paginator(events.exclude(notice=""), ROWS_SHOWN)
        waiting = paginator.page(page_number(request.GET.get("page"), paginator))
        for entry in waiting.object_list:
            entry.versions = versions(entry)
        drafts = events.filter(page__live=False, notice="").order_by("page__starts_at")
        context = {
            "source": source,
            "section": source.section,
            "home": source.section.get_parent(),
            "waiting": waiting,
            "drafts": drafts[:ROWS_SHOWN],
            "drafts_count": drafts.count(),
            "published_count": events.filter(page__live=True).count(),
        }
        return _later(render(request, "resources/admin/events/source.html", context), source.is_awaited)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act = {
            "read": self._read,
            "pause": self._pause,
            "take": self._decide,
            "keep": self._decide,
            "delete": self._delete,
        }.get(request.POST.get("step", ""))
        if act is None:
            raise Http404
        return act(self.source)

    def _read(self, source: EventSource) -> HttpResponse:
        """The wish: the clock reads it. Followed again if it was not, from the whole calendar on."""
        if source.address:
            fields = {"read_from": timezone.now(), "is_paused": False}
            if source.is_paused:
                fields |= {"etag": "", "last_modified": "", "failures": 0, "error": ""}
            with transaction.atomic():
                EventSource.objects.filter(pk=source.pk).update(**fields)
                ask_soon(refreshing.read_address, source.pk)
        return self._again()

    def _pause(self, source: EventSource) -> HttpResponse:
        if source.address:
            EventSource.objects.filter(pk=source.pk).update(is_paused=True, read_from=None)
        return self._again()

    def _decide(self, source: EventSource) -> HttpResponse:
        asked = self.request.POST.get("event", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise Http404
        take = self.request.POST["step"] == "take"
        with transaction.atomic():
            rows = source.events.select_for_update(of=("self",)).select_related("page")
            entry = get_object_or_404(rows, pk=int(asked))
            done = applying.decide(entry, take=take, user=self.request.user)
        if done and take:
            messages.success(self.request, _("The draft is up to date: read it, then publish it."))
        elif done:
            messages.success(self.request, _("Your version stays as it is."))
        else:
            messages.warning(
                self.request, _("Nothing was changed: somebody dealt with it already, or has locked the page.")
            )
        return self._again()

    def _delete(self, source: EventSource) -> HttpResponse:
        if source.imports.filter(state__in=[State.APPLYING, State.UNDOING]).exists():
            messages.warning(self.request, _("Its events are being written: try again in a moment."))
            return self._again()
        section = source.section_id
        source.delete()
        messages.success(self.request, _("This calendar is no longer followed. Its events stay here."))
        return redirect("event_import_section", section)

    def _again(self) -> HttpResponse:
        return redirect("event_source", self.source.pk)


def versions(entry) -> list[dict]:
    """What the source changes in an event: ``field``, ``here`` (its last version) and ``there``."""
    if not entry.offered or entry.page is None:
        return []
    revision = entry.page.latest_revision
    here = writing.values_of(revision.content) if revision else {}
    return [
        {
            "field": str(writing.LABELS[part]),
            "here": writing.said(here, part),
            "before": writing.said(entry.values, part),
            "there": writing.said(entry.offered, part),
        }
        for part in writing.differing(entry.values, entry.offered)
    ]


class ImportView(View):
    """One import, at whatever stage it is. Each form says its ``step``; one out of its time does nothing."""

    @cached_property
    def origin(self) -> EventImport:
        rows = EventImport.objects.for_user(self.request.user).select_related("source__section", "started_by")
        origin = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not applying.may_write(self.request.user, origin.source.section):
            raise Http404
        return origin

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act = {
            "continue": self._continue,
            "apply": self._apply,
            "undo": self._undo,
            "retry": self._retry,
            "delete": self._delete,
        }.get(request.POST.get("step", ""))
        if act is None:
            raise Http404
        return act(self.origin)

    def _continue(self, origin: EventImport) -> HttpResponse:
        waits = origin.state == State.FETCHING
        if not waits:
            try:
                origin = applying.advance(origin.pk)
            except EventImport.DoesNotExist as error:
                raise Http404 from error
        if self.request.accepts("text/html"):
            return self._again()
        answer = {"running": origin.is_running or waits, "wait": 5 if waits else 0, **progress(origin)}
        return JsonResponse(answer)

    def _apply(self, origin: EventImport) -> HttpResponse:
        with transaction.atomic():
            if self._take(State.READY):
                applying.confirm(origin, user=self.request.user)
        return self._again()

    def _undo(self, origin: EventImport) -> HttpResponse:
        with transaction.atomic():
            if self._take(State.DONE) and undoing.is_possible(origin):
                undoing.begin(origin, user=self.request.user)
        return self._again()

    def _retry(self, origin: EventImport) -> HttpResponse:
        """Another try of an address that could not be read."""
        with transaction.atomic():
            if origin.source.address and self._take(State.REFUSED):
                origin.state, origin.refusal = State.FETCHING, ""
                origin.save(update_fields=["state", "refusal"])
                EventSource.objects.filter(pk=origin.source_id).update(read_from=timezone.now(), is_paused=False)
                ask_soon(refreshing.read_address, origin.source_id)
        return self._again()

    def _delete(self, origin: EventImport) -> HttpResponse:
        """Forget a reading, and its source with it when nothing came of it."""
        with transaction.atomic():
            if origin.is_running or not self._take(origin.state):
                return self._again()
            section, source = origin.source.section_id, origin.source
            origin.delete()
            if not source.is_confirmed and not source.imports.exists():
                source.delete()
        messages.success(self.request, _("This import is deleted."))
        return redirect("event_import_section", section)

    def _take(self, state: str) -> bool:
        """Hold the import's row, and tell whether it is still in this state."""
        rows = EventImport.objects.select_for_update().filter(pk=self.origin.pk, state=state)
        return bool(rows.values_list("pk", flat=True))

    def _again(self) -> HttpResponse:
        return redirect("event_import", self.origin.pk)

    def _show(self) -> HttpResponse:
        origin = self.origin
        section = origin.source.section
        context = {"origin": origin, "source": origin.source, "section": section, "home": section.get_parent()}
        if origin.is_running or origin.state == State.FETCHING:
            page = render(self.request, "resources/admin/events/progress.html", context | progress(origin))
            return _later(page, origin.state == State.FETCHING)
        if origin.state == State.REFUSED:
            return render(self.request, "resources/admin/events/refused.html", context)
        context |= self._rows()
        context["may_undo"] = undoing.is_possible(origin) and context["counts"]["done"]
        if origin.state == State.READY:
            return render(self.request, "resources/admin/events/preview.html", context)
        return render(self.request, "resources/admin/events/result.html", context)

    def _rows(self) -> dict:
        """The events of one kind, a page at a time, and how many there are of each."""
        kinds = PREVIEW_KINDS if self.origin.state == State.READY else RESULT_KINDS
        every = PREVIEW_KINDS | RESULT_KINDS
        counts = self.origin.rows.aggregate(
            **{f"n_{k}": Count("pk", filter=where) for k, (_l, where) in every.items()}
        )
        counts = {kind: counts[f"n_{kind}"] for kind in every}
        counts["done"] = counts["created"] + counts["updated"]
        counts["to_do"] = counts["create"] + counts["update"] + counts["flag"]
        asked = self.request.GET.get("show")
        chosen = asked if asked in kinds else next((kind for kind in kinds if counts[kind]), next(iter(kinds)))
        paginator = Paginator(self.origin.rows.filter(kinds[chosen][1]).select_related("page"), ROWS_SHOWN)
        rows = paginator.page(page_number(self.request.GET.get("page"), paginator))
        for row in rows.object_list:
            row.when = writing.when(row.values) if row.values else ""
            row.rule = writing.rule_said(row.values) if row.values else ""
            row.where = writing.said(row.values, "where")
        tabs = [
            {"code": kind, "label": str(label), "count": counts[kind], "here": kind == chosen}
            for kind, (label, _condition) in kinds.items()
        ]
        return {"counts": counts, "tabs": tabs, "rows": rows, "show": chosen}


def _later(response: HttpResponse, waits: bool) -> HttpResponse:
    """A page that waits for the clock looks again by itself, without a script."""
    if waits:
        response["Refresh"] = str(WAIT_SECONDS)
    return response


def progress(origin: EventImport) -> dict:
    """How far the step under way has got: ``done`` and ``total`` events, and in words."""
    done, total = origin.position, 0
    if origin.state == State.APPLYING:
        total = origin.rows.filter(action__in=applying.TO_DO).count()
    elif origin.state == State.UNDOING:
        total = origin.position + origin.rows.filter(outcome__in=undoing.DONE).count()
    words = _("%(done)s of %(total)s") % {"done": done, "total": total} if total else ""
    return {"done": done, "total": total, "words": words}


PREVIEW_KINDS = {
    "create": (gettext_lazy("New drafts"), Q(action=Action.CREATE)),
    "update": (gettext_lazy("Drafts updated"), Q(action=Action.UPDATE)),
    "flag": (gettext_lazy("To decide afterwards"), Q(action=Action.FLAG)),
    "ignore": (gettext_lazy("Left out"), Q(action__in=[Action.IGNORE, Action.SAME])),
    "error": (gettext_lazy("Not usable"), Q(action=Action.ERROR)),
    "problems": (gettext_lazy("Remarks"), ~Q(problems=[]) & ~Q(action__in=[Action.ERROR, Action.IGNORE])),
}
RESULT_KINDS = {
    "created": (gettext_lazy("Created"), Q(outcome=Outcome.CREATED)),
    "updated": (gettext_lazy("Updated"), Q(outcome=Outcome.UPDATED)),
    "flagged": (gettext_lazy("To decide"), Q(outcome=Outcome.FLAGGED) & ~Q(notice=Notice.NOTHING)),
    "undone": (gettext_lazy("Taken back"), Q(outcome=Outcome.UNDONE)),
    "kept": (gettext_lazy("Edited since, kept"), Q(outcome=Outcome.KEPT)),
    "skipped": (gettext_lazy("Could not be done"), Q(outcome=Outcome.SKIPPED) | Q(action=Action.ERROR)),
    "nothing": (gettext_lazy("Left out"), Q(outcome=Outcome.NOTHING) & ~Q(action=Action.ERROR)),
}
