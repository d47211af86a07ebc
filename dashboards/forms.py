"""The filters of the board, and the form of the label's rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from dashboards.board import DRAFT, LEAST_DONE, NAME, NO_ZONE, OLDEST, Board, narrowed
from dashboards.models import LabelRules
from resources.filters import FilterForm
from resources.frames.completeness import State

STATES = [("", _("All")), *State.choices, (DRAFT, _("a draft waits"))]
ORDERS = [(NAME, _("by name")), (LEAST_DONE, _("the least complete first")), (OLDEST, _("the oldest answers first"))]


class BoardForm(FilterForm):
    """What is looked at; rubbish is left out, with a word that says so."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    frame = forms.ChoiceField(label=_("National text"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)

    def __init__(self, data, *, whole: Board, languages: list[Locale]) -> None:
        self.zones, self.frames, self.languages = whole.zones, whole.frames, languages
        self.has_zoneless = any(row.groupement.zone_id is None for row in whole.rows)
        super().__init__(data, auto_id="pilotage_%s")

    def _clean_fields(self) -> None:
        everything = [("", _("All"))]
        self.fields["zone"].choices = [
            *everything,
            *((zone.code, zone.name) for zone in self.zones),
            *([(NO_ZONE, _("without a zone"))] if self.has_zoneless else []),
        ]
        self.fields["frame"].choices = [
            *everything,
            *((str(info.page.translation_key), info.page.title) for info in self.frames),
        ]
        self.fields["language"].choices = [
            (locale.language_code, locale.get_display_name().capitalize()) for locale in self.languages
        ]
        super()._clean_fields()

    def narrow(self, whole: Board) -> Board:
        """What the choices keep of the board."""
        return narrowed(
            whole,
            zone=self.chosen("zone") or "",
            key=self.chosen("frame") or "",
            state=self.chosen("state") or "",
            order=self.chosen("order") or NAME,
        )


class LabelRulesForm(forms.ModelForm):
    """The rules of the label."""

    use_required_attribute = False

    class Meta:
        model = LabelRules
        fields = ("name", "share", "months", "needs_referent", "grace_days")
