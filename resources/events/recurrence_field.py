"""The human form of a rule of recurrence: a few choices in words, kept as one RFC 5545 text."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.renderers import get_default_renderer
from django.template.loader import render_to_string
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from resources.events import recurrence
from resources.events.recurrence import MONTHLY, WEEKLY, YEARLY, Rule, RuleError

ONCE, BY_WEEK, BY_POSITION, BY_DAY, BY_YEAR = "", "weekly", "position", "day", "yearly"
FREQUENCY_CHOICES = (
    (ONCE, _("Does not repeat")),
    (BY_WEEK, _("By the week: every Tuesday, every other Thursday…")),
    (BY_POSITION, _("By the month, on a weekday: the first Tuesday…")),
    (BY_DAY, _("By the month, on a day: the 15th…")),
    (BY_YEAR, _("Every year, on the same day")),
)
POSITION_CHOICES = (
    ("1", pgettext_lazy("rank of a weekday", "first")),
    ("2", pgettext_lazy("rank of a weekday", "second")),
    ("3", pgettext_lazy("rank of a weekday", "third")),
    ("4", pgettext_lazy("rank of a weekday", "fourth")),
    ("-1", pgettext_lazy("rank of a weekday", "last")),
)
DAY_CHOICES = (
    ("", _("the day of the first date")),
    *((str(day), str(day)) for day in range(1, 32)),
    ("-1", _("the last day of the month")),
)
WEEKDAY_CHOICES = tuple((str(day), name) for day, name in WEEKDAYS.items())
MONTH_CHOICES = tuple((str(month), name) for month, name in MONTHS.items())
FREQUENCY_OF = {BY_WEEK: WEEKLY, BY_POSITION: MONTHLY, BY_DAY: MONTHLY, BY_YEAR: YEARLY}


def rule_from(values: list) -> Rule | None:
    """The rule that the form's choices say, in the order of :class:`RecurrenceWidget`; ``None`` for once.

    Choices that do not concern the frequency are left out: they were hidden, or left from another one.

    Raises:
        RuleError: with a sentence for people.
    """
    kind, interval, weekdays, positions, day, left_out, until, count = values
    if not kind:
        return None
    repeated = kind in {BY_WEEK, BY_POSITION}
    months: tuple[int, ...] = ()
    if kind != BY_YEAR and left_out:
        months = tuple(month for month in recurrence.ALL_MONTHS if str(month) not in left_out)
        if not months:
            raise RuleError(_("Not all the months can be left out."))
    chosen_positions = tuple(int(rank) for rank in positions or ())
    rule = Rule(
        frequency=FREQUENCY_OF[kind],
        interval=interval or 1,
        weekdays=tuple(int(one) for one in weekdays or ()) if repeated else (),
        positions=(chosen_positions or (0,)) if kind == BY_POSITION else (),
        month_days=(int(day),) if kind == BY_DAY and day else (),
        months=months,
        until=until,
        count=count,
    )
    if rule.positions != (0,):
        recurrence.check(rule)
    elif rule.until and rule.count:
        raise RuleError(_("Choose either the last day or the number of dates, not both."))
    return rule


def values_from(rule: Rule | None) -> list:
    """The form's choices that say a rule."""
    if rule is None:
        return [ONCE, None, [], [], "", [], None, None]
    kind = {WEEKLY: BY_WEEK, YEARLY: BY_YEAR}.get(rule.frequency, BY_POSITION if rule.positions else BY_DAY)
    return [
        kind,
        rule.interval,
        [str(day) for day in rule.weekdays],
        [str(rank) for rank in rule.positions],
        str(rule.month_days[0]) if rule.month_days else "",
        [str(month) for month in rule.months_left_out],
        rule.until,
        rule.count,
    ]


class RecurrenceWidget(forms.MultiWidget):
    """The choices, laid out in words; a script hides those that do not concern the frequency chosen."""

    template_name = "resources/admin/recurrence_widget.html"
    NAMES = ("frequency", "interval", "weekdays", "positions", "day", "left_out", "until", "count")

    class Media:
        js = ("mara/admin/recurrence.js",)

    def __init__(self, attrs=None):
        boxes = forms.CheckboxSelectMultiple
        widgets = {
            "frequency": forms.Select(choices=FREQUENCY_CHOICES),
            "interval": forms.NumberInput(attrs={"min": 1, "max": recurrence.MAX_INTERVAL}),
            "weekdays": boxes(choices=WEEKDAY_CHOICES),
            "positions": boxes(choices=POSITION_CHOICES),
            "day": forms.Select(choices=DAY_CHOICES),
            "left_out": boxes(choices=MONTH_CHOICES),
            "until": AdminDateInput(),
            "count": forms.NumberInput(attrs={"min": 1, "max": recurrence.MAX_COUNT}),
        }
        super().__init__(widgets, attrs)

    def render(self, name, value, attrs=None, renderer=None):
        # Django's own renderer of forms does not read the project's templates: the parts are rendered by it, the
        # whole by ours.
        renderer = renderer or get_default_renderer()
        parts = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        rendered = {
            key: {
                "id": part["attrs"].get("id", ""),
                "html": self._render(part["template_name"], {"widget": part}, renderer),
            }
            for key, part in zip(self.NAMES, parts, strict=True)
        }
        return render_to_string(self.template_name, {"parts": rendered})

    def decompress(self, value):
        try:
            return values_from(recurrence.parse(value or ""))
        except RuleError:
            return values_from(None)

    def id_for_label(self, id_):
        return f"{id_}_frequency" if id_ else id_


class RecurrenceFormField(forms.MultiValueField):
    """Reads the choices into the text of a rule. A position or a weekday left empty follows the first date."""

    widget = RecurrenceWidget

    def __init__(self, *, max_length=None, empty_value="", **kwargs):
        number = {"required": False, "min_value": 1}
        fields = (
            forms.ChoiceField(choices=FREQUENCY_CHOICES, required=False),
            forms.IntegerField(max_value=recurrence.MAX_INTERVAL, **number),
            forms.MultipleChoiceField(choices=WEEKDAY_CHOICES, required=False),
            forms.MultipleChoiceField(choices=POSITION_CHOICES, required=False),
            forms.ChoiceField(choices=DAY_CHOICES, required=False),
            forms.MultipleChoiceField(choices=MONTH_CHOICES, required=False),
            forms.DateField(required=False),
            forms.IntegerField(max_value=recurrence.MAX_COUNT, **number),
        )
        kwargs.setdefault("required", False)
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values) -> Rule | None:
        if not values:
            return None
        try:
            return rule_from(values)
        except RuleError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial, data):
        initial = "" if initial is None else initial
        try:
            rule = self.clean(data)
        except ValidationError:
            return True
        return (rule.text() if rule else "") != initial


def settle(rule: Rule, start: dt.date) -> Rule:
    """A rule of the form with what its first date says: the weekday and its rank in the month, or the day.

    Raises:
        ValidationError: when the first date is not one of the rule's; the message says which one would be.
    """
    if rule.positions == (0,):
        weekday = rule.weekdays or (start.weekday(),)
        rule = Rule(**{**rule.__dict__, "positions": (rank_in_month(start),), "weekdays": weekday})
    rule = rule.completed(start)
    recurrence.check(rule)
    first = rule.first_from(start)
    if first is None or (rule.until and rule.until < start):
        raise ValidationError({"recurrence": _("This rule has no date at all: look at it again.")})
    if first != start:
        from core.templatetags.core_tags import fr_date

        raise ValidationError(
            {
                "recurrence": _(
                    "%(start)s is not a date of this rule. The first one would be %(first)s: change one of the two."
                )
                % {"start": fr_date(start).capitalize(), "first": fr_date(first)}
            }
        )
    return rule


def rank_in_month(date: dt.date) -> int:
    """The rank of a weekday in its month: 1 to 4, or -1 for a fifth one, which is the last."""
    rank = (date.day - 1) // 7 + 1
    return rank if rank <= 4 else -1


class RecurrenceField(models.CharField):
    """The text of a rule; empty for an event that takes place once. Its form field gives a :class:`Rule`."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", recurrence.MAX_TEXT)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RecurrenceFormField, "widget": RecurrenceWidget, **kwargs})

    def clean(self, value, model_instance):
        """Refuse a text that is no rule, wherever it comes from.

        Raises:
            ValidationError: with a sentence for people.
        """
        text = super().clean(value.text() if isinstance(value, Rule) else value, model_instance)
        try:
            recurrence.parse(text)
        except RuleError as error:
            raise ValidationError(str(error), code="invalid") from error
        return text
