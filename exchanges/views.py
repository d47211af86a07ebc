"""“Être rappelé”, on every site of the network. Its address is never kept by a cache, and sets no cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.antispam import key_of
from exchanges import answering, screening, services
from exchanges.forms import CallbackForm
from regions import visibility
from regions.places import Place, place_for
from resources.models import ContactPage


# No session stands behind this form, so there is nothing for a forged request to borrow; its own signed token says
# that we showed it, and the browser that another site did not send it (docs/adr/0047).
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class CallbackView(View):
    """The form, and what becomes of it."""

    http_method_names = ("get", "head", "post", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        place = place_for(request)
        initial = {"token": screening.DOOR.new_token(place.site.pk), "about": subject(request, place)}
        return self._show(place, CallbackForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        place = place_for(request)
        form = CallbackForm(request.POST)
        token = screening.DOOR.read_token(request.POST.get("token", ""), place.site.pk)
        if not form.is_valid():
            return self._show(place, form, status=422, fresh=token is None)
        refusal = screening.DOOR.refusal(request, token)
        if refusal or token is None:
            status, sentence, fresh = refusal or (422, "", True)
            form.add_error(None, sentence)
            return self._show(place, form, status=status, fresh=fresh)
        self._keep(request, place, form, token[0])
        return redirect("callback_done")

    def _keep(self, request: HttpRequest, place: Place, form: CallbackForm, number) -> None:
        fields = {name: form.cleaned_data[name] for name in form.own_fields}
        _request, is_new = services.receive(
            key=key_of(number, *fields.values()),
            groupement=place.groupement,
            doubts=screening.doubts_about(name=fields["name"], about=fields["about"]),
            language=services.language_of_request(),
            **fields,
        )
        if is_new:
            screening.DOOR.count(request)

    def _show(self, place: Place, form: CallbackForm, *, status: int = 200, fresh: bool = False) -> HttpResponse:
        if fresh:
            form.refresh(screening.DOOR.new_token(place.site.pk))
        context = {"form": form, "place": place, "answerer": answering.answerer_of(place.groupement)}
        return render(self.request, "exchanges/callback.html", context, status=status)


def subject(request: HttpRequest, place: Place) -> str:
    """What the request begins with when it is made from a contact's page; nothing for one that is not shown here.

    A number is read from the address, never a text: nobody can put words into a visitor's request.
    """
    number = request.GET.get("contact", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return ""
    contact = visibility.visible(ContactPage.objects.filter(pk=number), place).first()
    return _("About “%(title)s”:") % {"title": contact.title} + " " if contact else ""


@never_cache
def callback_done(request: HttpRequest) -> HttpResponse:
    """Thanks, and what comes next."""
    place = place_for(request)
    context = {"place": place, "answerer": answering.answerer_of(place.groupement)}
    return render(request, "exchanges/callback_done.html", context)
