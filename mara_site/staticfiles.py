"""Static files named after their content and compressed once, for browsers to keep for a year."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CompressedStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, with our ES modules following each other's new names."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages link to; originals stay for the rare script that builds an address by itself."""
        originals = set(self.hashed_files)
        yield from super().compress_files(path for path in paths if path not in originals)
