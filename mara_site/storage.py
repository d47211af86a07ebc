"""Uploaded files in an S3 bucket, told and served under our own addresses: no page asks a third party for anything."""

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class BucketStorage(S3Storage):
    """django-storages' storage, private: the front server asks the site for a file, and keeps it."""

    file_overwrite = False
    default_acl = None

    def url(self, name: str, parameters: Any = None, expire: Any = None, http_method: Any = None) -> str:
        """Return the address of a file below `MEDIA_URL`, as for files on the disk."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
