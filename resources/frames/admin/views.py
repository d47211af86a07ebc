"""“Trame commune”: the frames of a groupement, and the screen on which it answers one. Another's is a 404."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from wagtail.models import Locale, Page

from regions import parts
from regions.admin.conflicts import is_out_of_date, is_published, is_submitted
from regions.models import Groupement
from regions.places import Place, place_for, place_of
from regions.reach import reach_of
from resources.frames import completeness, next_steps, services, withdrawn
from resources.frames.admin import beside
from resources.frames.admin.answering import AnswerScreen
from resources.frames.answers import Answers
from resources.frames.merging import merge
from resources.frames.models import FrameChange, FramePage, Importance

DEFAULT = settings.LANGUAGE_CODE
NOTHING_YET = "none"  # the form was opened before the groupement's page existed
PREVIEW = "preview"


def groupements_of(user) -> QuerySet[Groupement]:
    """The groupements for which a person writes: a contributor's, a référent's, a zone's, or all."""
    reach = reach_of(user)
    rows = Groupement.objects.select_related("zone", "site", "fallback").order_by("name")
    return rows if reach.everything else rows.filter(pk__in=reach.groupement_ids)


def frame_or_404(key: UUID, language: str) -> FramePage:
    """A published frame of the nation, by the key that it has in every language."""
    rows = Page.objects.filter(translation_key=key, live=True, locale__language_code=language or DEFAULT)
    page = next((row.specific for row in rows), None)
    if not isinstance(page, FramePage) or not page.is_frame or not page.is_the_nations:
        raise Http404
    if page.path.startswith(completeness.restricted_paths()):
        raise Http404
    return page


def answers_url(groupement: Groupement, national: FramePage) -> str:
    """The address of the screen on which a groupement answers a page."""
    language = national.locale.language_code
    address = reverse("frame_answers", args=[groupement.pk, national.translation_key])
    return address if language == DEFAULT else f"{address}?langue={language}"


class FramesIndexView(View):
    """The groupements of a person; straight to the only one where there is only one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        groupements = list(groupements_of(request.user))
        if not groupements:
            raise Http404
        if len(groupements) == 1:
            return redirect("frames_of", groupements[0].pk)
        found = completeness.matrix(groupements)
        rows = [
            {
                "groupement": groupement,
                "cells": len(cells := found.row(groupement)),
                "done": sum(cell.state in {"complete", "not_concerned"} for cell in cells),
                "review": sum(cell.state == "review" for cell in cells),
                "is_expected": completeness.is_expected(groupement),
            }
            for groupement in groupements
        ]
        return render(request, "resources/admin/frames/index.html", {"rows": rows})


class FrameListView(View):
    """The frames of one groupement, what each still asks, and what waits."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        groupement = get_object_or_404(groupements_of(request.user), pk=pk)
        languages = list(
            Locale.objects.filter(pk__in=groupement.roots.filter(live=True).values("locale")).order_by("pk")
        )
        asked = request.GET.get("langue", "")
        locale = next((row for row in languages if row.language_code == asked), Locale.get_default())
        home = groupement.roots.filter(locale=locale).first()
        cells = completeness.matrix([groupement], locale=locale).row(groupement)
        steps = [next_steps.next_steps(cell) for cell in cells]
        rows = [
            {"cell": cell, "steps": found, "url": answers_url(groupement, cell.frame.page)}
            for cell, found in zip(cells, steps, strict=True)
        ]
        context = {
            "groupement": groupement,
            "rows": rows,
            "sum": completeness.count(cells),
            "minutes": sum(map(next_steps.minutes, steps)),
            "is_expected": completeness.is_expected(groupement),
            "parts": parts.parts(parts.Spot.FRAMES, groupement, cells=cells if locale.is_default else None),
            "languages": languages if len(languages) > 1 else [],
            "locale": locale,
            "has_others": groupements_of(request.user).count() > 1,
            "tabs": beside.tabs(request, groupement, locale, "pages"),
            "withdrawn": withdrawn.of(home) if home else [],
        }
        return render(request, "resources/admin/frames/list.html", context)


class AnswerView(View):
    """The page as visitors will read it, with the places where the groupement writes."""

    stale = None  # what another person saved since the form was opened

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        self.groupement, self.place  # noqa: B018 – a 404 before anything else, whatever the method
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def groupement(self) -> Groupement:
        return get_object_or_404(groupements_of(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def national(self) -> FramePage:
        return frame_or_404(self.kwargs["frame_key"], self.request.GET.get("langue", ""))

    @cached_property
    def place(self) -> Place:
        place = place_of(self.groupement, place_for(self.request, locale_id=self.national.locale_id))
        if place is None or place.locale.pk != self.national.locale_id:
            raise Http404  # the groupement has no site in that language
        return place

    @cached_property
    def page(self) -> FramePage | None:
        """The newest version of the groupement's page; ``None`` before the first answer."""
        return services.newest(self.national, self.place.home)

    @property
    def given(self) -> Answers:
        return self.page.given if self.page else Answers()

    @property
    def is_locked(self) -> bool:
        return bool(self.page and not services.may_write(self.page, self.request.user))

    def screen(self, data=None) -> AnswerScreen:
        frame = merge(self.national, self.page or _nobody(), self.place)
        return AnswerScreen(frame, self.given, data)

    def get(self, request: HttpRequest, pk: int, frame_key: UUID) -> HttpResponse:
        return self.show(self.screen())

    def post(self, request: HttpRequest, pk: int, frame_key: UUID) -> HttpResponse:
        with transaction.atomic():
            # One at a time in a groupement, before its page is read: the second of two people who save at the same
            # instant is told as one who saves a minute later.
            Page.objects.select_for_update().get(pk=self.place.home.pk)
            return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Save what was sent, or show why not."""
        screen = self.screen(request.POST)
        is_valid, is_stale = screen.is_valid(request.user), self.is_stale()
        typed = screen.taking(self.given, screen.typed()) if is_valid else Answers()
        differs = not is_valid or bool(is_stale and screen.compare(self.given, typed))
        if is_stale and not differs and self.is_done():
            return self.lead(self.page)
        if self.is_locked:
            return self.show(self.screen(), status=403)
        if not is_valid:
            return self.show(screen, status=422)
        if is_stale and differs:
            self.stale = self.page.get_latest_revision() if self.page else None
            return self.show(screen, status=409)
        return self.save(screen, typed)

    def is_stale(self) -> bool:
        """Whether somebody saved after this form was opened."""
        latest = self.page.get_latest_revision() if self.page else None
        loaded = self.request.POST.get("loaded_revision_id", "")
        if loaded == NOTHING_YET:
            return latest is not None
        moment = self.request.POST.get("loaded_revision_created_at", "")
        return is_out_of_date((loaded, moment) if loaded else None, latest)

    @property
    def then(self) -> str:
        """What is asked for once the answers are kept."""
        action = self.request.POST.get("action", services.SAVE)
        return action if action in {services.SUBMIT, services.PUBLISH} else services.SAVE

    def is_done(self) -> bool:
        """Whether the same person sent these answers before and all was done: the site's answer was lost."""
        latest = self.page.get_latest_revision() if self.page else None
        if latest is None or latest.user_id != self.request.user.pk:
            return False
        done = {services.SUBMIT: is_submitted, services.PUBLISH: is_published}.get(self.then)
        return done is None or done(self.page, latest)

    def save(self, screen: AnswerScreen, typed: Answers) -> HttpResponse:
        try:
            page = services.save_answers(
                national=self.national, home=self.place.home, given=typed, user=self.request.user, then=self.then
            )
        except PermissionDenied:
            messages.error(
                self.request, _("This could not be done: the page is locked, or it is not yours to publish.")
            )
            return self.show(screen, status=403)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.show(screen, status=422)
        return self.lead(page)

    def lead(self, page: FramePage) -> HttpResponse:
        """Where one goes once the answers are kept."""
        if self.request.POST.get("action") == PREVIEW:
            return redirect("wagtailadmin_pages:view_draft", page.pk)
        words = {
            services.SAVE: _("Saved as a draft. Visitors do not see it yet."),
            services.SUBMIT: _("Sent to whoever approves your pages."),
            services.PUBLISH: _("Published: visitors read it now."),
        }
        messages.success(self.request, words[self.then])
        return redirect(answers_url(self.groupement, self.national))

    def show(self, screen: AnswerScreen, *, status: int = 200) -> HttpResponse:
        latest = self.page.get_latest_revision() if self.page else None
        late = set(completeness.outdated(self.given, completeness.review_changes(self.national)))
        for field in screen.fields:
            field.slot_is_outdated = field.part.id in late
        change = FrameChange.objects.filter(page=self.national.pk, importance=Importance.REVIEW).first()
        user = self.request.user
        # Before the first answer there is no page to ask: what its parent allows says as much.
        section = self.page or self.place.home.specific
        rights = section.permissions_for_user(user)
        context = {
            "groupement": self.groupement,
            "national": self.national,
            "keeper": self.national.keeper,
            "page": self.page,
            "screen": screen,
            "place": self.place,
            "is_locked": self.is_locked,
            "lock_message": self._lock_message(),
            "may_publish": rights.can_publish() if self.page else rights.can_publish_subpage(),
            "may_submit": self.page is None or rights.can_submit_for_moderation(),
            "in_review": bool(self.page and self.page.workflow_in_progress),
            "loaded_revision_id": latest.pk if latest else NOTHING_YET,
            "loaded_revision_created_at": latest.created_at.isoformat() if latest else "",
            "stale": self.stale,
            "change": change if late else None,
            "has_errors": status == 422,
            "list_url": reverse("frames_of", args=[self.groupement.pk]),
            "media": screen.media + beside.give(self.request, self.groupement, self.national, screen),
        }
        return render(self.request, "resources/admin/frames/answers.html", context, status=status)

    def _lock_message(self) -> str:
        lock = self.page.get_lock() if self.page and self.is_locked else None
        if lock is None:
            return ""
        return _("This page is locked for now: somebody is reading it before it is published, or has set it aside.")


class _NoAnswers:
    """Stands for the page that a groupement has not made yet."""

    given = Answers()


def _nobody() -> _NoAnswers:
    return _NoAnswers()
