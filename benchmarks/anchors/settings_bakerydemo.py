"""bakerydemo from its own settings, as it would be deployed: no debugging, any host, files under names of their own.

Read by the Python of its environment, in its checkout.
"""

import os

from bakerydemo.settings import base as theirs

globals().update({name: getattr(theirs, name) for name in dir(theirs) if name.isupper()})

DEBUG = False
ALLOWED_HOSTS = ["*"]
SECRET_KEY = os.environ["SECRET_KEY"]
STATIC_ROOT = os.path.join(os.environ["ANCHOR_FOLDER"], "static")
MEDIA_ROOT = os.path.join(os.environ["ANCHOR_FOLDER"], "media")
