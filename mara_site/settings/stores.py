"""Where several application servers meet: one storage of files, by variables alone.

They meet in the database for what must be counted once (sign-in attempts), and in Redis, where `MARA_PAGE_CACHE_URL`
names one, for what may be forgotten (pages).
"""

from typing import Any


def bucket(name: str, endpoint: str, region: str) -> dict[str, Any]:
    """Return the storage of uploaded files in a bucket of this name; boto3 reads the two AWS_ keys by itself."""
    options = {"bucket_name": name, "endpoint_url": endpoint or None, "region_name": region or None}
    return {"BACKEND": "mara_site.storage.BucketStorage", "OPTIONS": options}
