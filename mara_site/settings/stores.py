"""Where several application servers meet: one storage of files, by variables alone.

They meet in the database for what must be counted once (sign-in attempts), and in Redis, where `MARA_PAGE_CACHE_URL`
names one, for what may be forgotten (pages).
"""

from typing import Any


def bucket(name: str, endpoint: str, region: str) -> dict[str, Any]:
    """Return the storage of uploaded files in a bucket of this name; boto3 reads the two AWS_ keys by itself."""
    from botocore.config import Config  # long to load, and of no use to whoever keeps files on a disk

    options: dict[str, Any] = {"bucket_name": name, "endpoint_url": endpoint or None, "region_name": region or None}
    # A page is not worth a minute's wait: whoever asks is told that files do not answer.
    options["client_config"] = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 2})
    return {"BACKEND": "mara_site.storage.BucketStorage", "OPTIONS": options}
