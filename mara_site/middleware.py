"""The content security policy of each part of the site."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """Give public pages the strict policy, and Wagtail's administration the one it needs."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Write the header of the page's part of the site."""
        if request.path_info.startswith("/admin/"):
            # A preview is a public page rendered inside an administration view: it comes with the public header.
            response.headers.pop(HEADER, None)
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)
