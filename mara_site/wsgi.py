"""The door of the application server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mara_site.settings.production")

application = get_wsgi_application()
