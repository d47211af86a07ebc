"""Requests as Django reads them, less one thing that a stranger may say about them."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """A request whose forms and questions are UTF-8, whatever coding it names.

    Our pages are in UTF-8, and browsers answer in it. Of any other name Django 5.2 makes a refusal that its own error
    pages fall over, or, for codings that are no alphabet (``idna``, ``punycode``), a failure before anything answers.
    """

    def _set_content_type_params(self, environ) -> None:
        self.content_type, self.content_params = parse_header_parameters(environ.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    """Django's application, on such requests."""

    request_class = Utf8Request
