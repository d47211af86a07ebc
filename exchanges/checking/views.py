"""“Toujours exact ?”, by the address of the mail: no account, no cookie. Reading it changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from core.amending import NotNow
from core.antispam import FormDoor, comes_from_elsewhere
from exchanges.checking import links, services, things
from exchanges.checking.forms import AnswerSheet
from exchanges.checking.models import CheckItem, CheckLink
from regions.places import place_for

# How many addresses that open nothing one network tries in an hour: nobody guesses 256 bits, nor keeps us busy trying.
DOOR = FormDoor("exchanges.checking", limit=60)
SEND, EDIT, ALL = "send", "edit", "all"


# The address is the key, as in the mails of registrations: whoever has it may answer, another site's page has it not,
# and no session stands behind the form for it to borrow (docs/adr/0067).
@method_decorator([never_cache, csrf_exempt, sensitive_variables("token")], name="dispatch")
class CheckView(View):
    """What waits, what was answered; then a summary to confirm; then thanks."""

    http_method_names = ("get", "head", "post", "options")
    link: CheckLink

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        self.place = place_for(request)
        if DOOR.too_many(request):
            return self._close(self._show("exchanges/checking/gone.html", {"too_many": True}, status=429))
        found = links.opened_by(kwargs["token"], self.place.groupement)
        if found is None:
            DOOR.count(request)
            return self._close(self._show("exchanges/checking/gone.html", {}, status=404))
        self.link = found
        return self._close(super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if comes_from_elsewhere(request):
            return self._page(
                problems=[_("This did not come from our page. Nothing was kept: answer here.")], status=422
            )
        step = request.POST.get("step", "")
        items = things.shown(self.link.round)
        sheet = AnswerSheet(_waiting(items), request.POST, rest_is_exact=step == ALL)
        if step == EDIT:
            return self._page(items=items, sheet=sheet)
        if not any(form.item.is_waiting for form in sheet.forms):
            return redirect(request.path)
        if not sheet.is_valid():
            return self._page(items=items, sheet=sheet, problems=[sheet.error], status=422)
        if step == SEND:
            return self._keep(sheet)
        context = {"answers": sheet.answers, "left": len(sheet.forms) - len(sheet.answers)}
        return self._show("exchanges/checking/summary.html", context)

    def _keep(self, sheet: AnswerSheet) -> HttpResponse:
        problems = []
        for form in sheet.answers:
            data = form.cleaned_data
            given = {"choice": data["choice"], "note": data["note"], "by": self.link.mandate.person, "by_link": True}
            try:
                services.answer(item=form.item, **given)
            except NotNow as error:
                problems.append(f"« {form.item.title} » : {error}")
            except services.Answered:
                problems.append(_("“%(title)s” was answered already.") % {"title": form.item.title})
        if problems:
            return self._page(problems=problems, status=409)
        return redirect(f"{self.request.path}?merci=1")

    def _page(self, *, items=None, sheet=None, problems=(), status: int = 200) -> HttpResponse:
        items = things.shown(self.link.round) if items is None else items
        waiting = _waiting(items)
        context = {
            "sheet": sheet or AnswerSheet(waiting),
            "waiting": waiting,
            "answered": [item for item in items if not item.is_waiting],
            "problems": [problem for problem in problems if problem],
            "thanks": "merci" in self.request.GET and status == 200,
        }
        return self._show("exchanges/checking/page.html", context, status=status)

    def _show(self, name: str, context: dict, *, status: int = 200) -> HttpResponse:
        context |= {"place": self.place, "link": getattr(self, "link", None)}
        return render(self.request, name, context, status=status)

    @staticmethod
    def _close(answer: HttpResponse) -> HttpResponse:
        answer["Cache-Control"] = "private, no-store"
        answer["Referrer-Policy"] = "no-referrer"  # the address is the key
        answer["X-Robots-Tag"] = "noindex"
        return answer


def _waiting(items: list[CheckItem]) -> list[CheckItem]:
    return [item for item in items if item.is_waiting]
