"""The screens of an import. Everything is looked up within what the person holds: another's import is a 404."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from core.spreadsheets import XLSX_TYPE
from core.tasks.asking import ask_soon
from regions.reach import Reach, reach_of, starts_with
from resources.contacts.importing import applying, sample, undoing
from resources.contacts.importing.columns import headers_key, to_memory
from resources.contacts.importing.forms import ColumnsForm, FileForm, decisions_of
from resources.contacts.importing.models import Action, ContactColumns, ContactImport, Outcome, State
from resources.contacts.importing.reading import MAX_ROWS
from resources.contacts.importing.steps import advance, waits_for_clock
from resources.contacts.importing.unattended import continue_import
from resources.contacts.models import ContactListingPage
from resources.listing import page_number

MAX_KEPT = 30
ROWS_SHOWN = 50


def sections_of(reach: Reach) -> QuerySet[ContactListingPage]:
    """The directories that a person writes in."""
    sections = ContactListingPage.objects.select_related("locale").order_by("path")
    return sections if reach.everything else sections.filter(starts_with(reach.paths))


def owner_of(section: ContactListingPage):
    """The groupement of a directory; ``None`` for the nation's."""
    return getattr(section.get_parent().specific, "groupement", None)


class ImportIndexView(View):
    """The directories that a person may fill; straight to the one of the usual language where there is only one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sections = list(sections_of(reach_of(request.user)))
        if not sections:
            raise Http404
        usual = [section for section in sections if section.locale.is_default]
        if len(usual) == 1:
            return redirect("contact_import_section", usual[0].pk)
        rows = [{"section": section, "home": section.get_parent()} for section in sections]
        return render(request, "resources/admin/import_index.html", {"rows": rows})


class ImportSectionView(View):
    """One directory: a file to send, and the imports of the last thirty days."""

    @cached_property
    def section(self) -> ContactListingPage:
        section = get_object_or_404(sections_of(reach_of(self.request.user)), pk=self.kwargs["pk"])
        if not applying.may_write(self.request.user, section):
            raise Http404
        return section

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(FileForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        section = self.section
        form = FileForm(request.POST, request.FILES)
        if section.imports.count() >= MAX_KEPT:
            form.add_error(None, _("There are thirty imports here already: delete one of them first."))
        if not form.is_valid():
            return self._show(form)
        with transaction.atomic():
            origin = ContactImport.objects.create(
                groupement=owner_of(section),
                section=section,
                started_by=request.user,
                file_title=form.cleaned_data["file"].name[:255],
                raw=form.raw,
                form=form.described,
                publish=applying.may_publish(request.user, section),
            )
            if waits_for_clock(origin):
                ask_soon(continue_import, origin.pk, origin.state)
        return redirect("contact_import", origin.pk)

    def _show(self, form: FileForm) -> HttpResponse:
        section = self.section
        imports = ContactImport.objects.for_user(self.request.user).filter(section=section).defer("raw")
        key = section.translation_key
        context = {
            "section": section,
            "home": section.get_parent(),
            "others": sections_of(reach_of(self.request.user)).filter(translation_key=key).exclude(pk=section.pk),
            "form": form,
            "imports": imports.select_related("started_by"),
            "max_rows": number_format(MAX_ROWS, force_grouping=True),
        }
        return render(self.request, "resources/admin/import_section.html", context, status=422 if form.errors else 200)


class ImportModelView(View):
    """The spreadsheet to fill in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(sample.workbook(), content_type=XLSX_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{sample.FILE_NAME}"'
        return response


class ImportView(View):
    """One import, at whatever stage it is. Each form says its ``step``; one out of its time does nothing."""

    http_method_names = ("get", "post")

    @cached_property
    def origin(self) -> ContactImport:
        rows = ContactImport.objects.for_user(self.request.user).defer("raw")
        origin = get_object_or_404(rows.select_related("section", "started_by"), pk=self.kwargs["pk"])
        if not applying.may_write(self.request.user, origin.section):
            raise Http404
        return origin

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        origin = self.origin
        act = {
            "continue": self._continue,
            "columns": self._columns,
            "back": self._back,
            "decide": self._decide,
            "apply": self._apply,
            "undo": self._undo,
            "delete": self._delete,
        }.get(request.POST.get("step", ""))
        if act is None:
            raise Http404
        return act(origin)

    # --- What each form does ----------------------------------------------------------------------

    def _continue(self, origin: ContactImport) -> HttpResponse:
        try:
            origin = advance(origin.pk, awaited=True)
        except ContactImport.DoesNotExist as error:
            raise Http404 from error
        if self.request.accepts("text/html"):
            return self._again()
        wait = 5 if waits_for_clock(origin) else 0
        return JsonResponse({"running": origin.is_running, "wait": wait, **progress(origin)})

    def _columns(self, origin: ContactImport) -> HttpResponse:
        if origin.state != State.COLUMNS:
            return self._again()
        form = ColumnsForm(self.request.POST, origin=origin)
        if not form.is_valid():
            return self._show(form=form, status=422)
        category = form.cleaned_data["default_category"]
        with transaction.atomic():
            if not self._take(State.COLUMNS):
                return self._again()
            origin.mapping, origin.default_category = form.mapping, category
            origin.state, origin.position = State.CHECKING, 0
            origin.save(update_fields=["mapping", "default_category", "state", "position"])
            ContactColumns.objects.update_or_create(
                section=origin.section,
                headers_key=headers_key(origin.headers),
                defaults={"mapping": to_memory(origin.headers, form.mapping), "default_category": category},
            )
        return self._again()

    def _back(self, origin: ContactImport) -> HttpResponse:
        with transaction.atomic():
            if self._take(State.READY):
                origin.state, origin.position = State.COLUMNS, 0
                origin.save(update_fields=["state", "position"])
        return self._again()

    def _decide(self, origin: ContactImport) -> HttpResponse:
        """The decisions of the lines shown, or one for all those that look like a contact that is there."""
        with transaction.atomic():
            if not self._take(State.READY):
                return self._again()
            undecided = origin.rows.exclude(same_as=[]).exclude(action=Action.SAME)
            if choice := self.request.POST.get("all"):
                decide_all(undecided, choice)
            else:
                shown = {
                    name.removeprefix("row-"): value
                    for name, value in self.request.POST.items()
                    if name.startswith("row-") and name[4:].isascii() and name[4:].isdigit() and len(name) < 20
                }
                for row in undecided.filter(pk__in=list(shown)[:ROWS_SHOWN]):
                    if shown[str(row.pk)] in dict(decisions_of(row)) and row.action != shown[str(row.pk)]:
                        row.action = shown[str(row.pk)]
                        row.save(update_fields=["action"])
        messages.success(self.request, _("Your choices are kept."))
        return redirect(f"{self._url()}?show=same")

    def _apply(self, origin: ContactImport) -> HttpResponse:
        with transaction.atomic():
            if self._take(State.READY):
                publish = self.request.POST.get("publish") == "1"
                applying.confirm(origin, user=self.request.user, publish=publish)
        return self._again()

    def _undo(self, origin: ContactImport) -> HttpResponse:
        with transaction.atomic():
            if self._take(State.DONE) and undoing.is_possible(origin):
                undoing.begin(origin, user=self.request.user)
        return self._again()

    def _delete(self, origin: ContactImport) -> HttpResponse:
        """Forget the file and its lines. The contacts stay; what is under way is finished first."""
        with transaction.atomic():
            if origin.state in {State.APPLYING, State.UNDOING} or not self._take(origin.state):
                return self._again()
            origin.delete()
        messages.success(self.request, _("The file is deleted."))
        return redirect("contact_import_section", origin.section_id)

    def _take(self, state: str) -> bool:
        """Hold the import's row, and tell whether it is still in this state."""
        rows = ContactImport.objects.select_for_update().filter(pk=self.origin.pk, state=state)
        return bool(rows.values_list("pk", flat=True))

    def _url(self) -> str:
        return reverse("contact_import", args=[self.origin.pk])

    def _again(self) -> HttpResponse:
        return redirect(self._url())

    # --- What is shown ------------------------------------------------------------------------------

    def _show(self, form: ColumnsForm | None = None, status: int = 200) -> HttpResponse:
        origin = self.origin
        context = {"origin": origin, "section": origin.section, "home": origin.section.get_parent()}
        if origin.is_running:
            context |= progress(origin) | {"by_clock": waits_for_clock(origin)}
            page = render(self.request, "resources/admin/import_progress.html", context)
            if context["by_clock"]:
                page["Refresh"] = "15"  # without a script, the page looks again by itself
            return page
        if origin.state == State.COLUMNS:
            form = form or ColumnsForm(origin=origin)
            samples = [row.cells for row in origin.rows.all()[:3]]
            columns = [
                {"field": field, "samples": [cells[number] for cells in samples if number < len(cells)]}
                for number, field in enumerate(form.columns)
            ]
            context |= {"form": form, "columns": columns}
            return render(self.request, "resources/admin/import_columns.html", context, status=status)
        if origin.state == State.REFUSED:
            return render(self.request, "resources/admin/import_refused.html", context)
        context |= self._rows()
        if origin.state == State.READY:
            context["may_publish"] = applying.may_publish(self.request.user, origin.section)
            return render(self.request, "resources/admin/import_preview.html", context)
        context["may_undo"] = undoing.is_possible(origin) and context["counts"]["done"]
        return render(self.request, "resources/admin/import_result.html", context)

    def _rows(self) -> dict:
        """The lines of one kind, a page at a time, and how many there are of each."""
        counts = count(self.origin)
        kinds = PREVIEW_KINDS if self.origin.state == State.READY else RESULT_KINDS
        asked = self.request.GET.get("show")
        chosen = asked if asked in kinds else next((kind for kind in kinds if counts.get(kind)), next(iter(kinds)))
        rows = self.origin.rows.filter(kinds[chosen][1]).select_related("match", "page")
        paginator = Paginator(rows, ROWS_SHOWN)
        page = paginator.page(page_number(self.request.GET.get("page"), paginator))
        for row in page.object_list:
            row.decisions = decisions_of(row) if row.same_as and row.action != Action.SAME else []
        tabs = [
            {"code": kind, "label": str(label), "count": counts[kind], "here": kind == chosen}
            for kind, (label, _condition) in kinds.items()
        ]
        return {"counts": counts, "tabs": tabs, "rows": page, "show": chosen}


def decide_all(rows: QuerySet, choice: str) -> None:
    """One decision for every line that looks like a contact that is there; what cannot be completed is left."""
    if choice == Action.MERGE:
        rows = rows.exclude(match=None).exclude(changes=[])
    if choice in {Action.MERGE, Action.CREATE, Action.IGNORE}:
        rows.update(action=choice)


def progress(origin: ContactImport) -> dict:
    """How far the step under way has got: ``done`` and ``total`` lines (0 when not known yet), and in words."""
    done, total = origin.position, 0
    if origin.state == State.CHECKING:
        done, total = origin.rows.filter(line__lte=origin.position).count(), origin.total
    elif origin.state == State.APPLYING:
        total = origin.rows.filter(action__in=applying.TO_DO).count()
    elif origin.state == State.UNDOING:
        total = origin.position + origin.rows.filter(outcome__in=undoing.DONE).count()
    words = (
        _("%(done)s of %(total)s") % {"done": done, "total": total}
        if total
        else ngettext("%(count)s line", "%(count)s lines", done) % {"count": done}
    )
    return {"done": done, "total": total, "words": words}


PREVIEW_KINDS = {
    "same": (gettext_lazy("To decide"), ~Q(same_as=[]) & ~Q(action=Action.SAME)),
    "create": (gettext_lazy("New"), Q(action=Action.CREATE)),
    "merge": (gettext_lazy("Completed"), Q(action=Action.MERGE)),
    "ignore": (gettext_lazy("Left out"), Q(action__in=[Action.IGNORE, Action.SAME])),
    "error": (gettext_lazy("Not usable"), Q(action=Action.ERROR)),
    "problems": (gettext_lazy("Remarks"), ~Q(problems=[]) & ~Q(action=Action.ERROR)),
}
RESULT_KINDS = {
    "created": (gettext_lazy("Created"), Q(outcome=Outcome.CREATED)),
    "changed": (gettext_lazy("Completed"), Q(outcome=Outcome.CHANGED)),
    "undone": (gettext_lazy("Taken back"), Q(outcome=Outcome.UNDONE)),
    "kept": (gettext_lazy("Edited since, kept"), Q(outcome=Outcome.KEPT)),
    "skipped": (gettext_lazy("Could not be done"), Q(outcome=Outcome.SKIPPED) | Q(action=Action.ERROR)),
    "nothing": (gettext_lazy("Left out"), Q(outcome=Outcome.NOTHING) & ~Q(action=Action.ERROR)),
}


def count(origin: ContactImport) -> dict[str, int]:
    """How many lines there are of each kind; ``done`` is what there is to take back."""
    kinds = PREVIEW_KINDS | RESULT_KINDS
    counts = origin.rows.aggregate(
        **{f"n_{kind}": Count("pk", filter=where) for kind, (_label, where) in kinds.items()}
    )
    found = {kind: counts[f"n_{kind}"] for kind in kinds}
    return found | {"done": found["created"] + found["changed"]}
