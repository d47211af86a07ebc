"""The foundation's models: what every page, image and document of the network has in common.

Outsiders import from this package; the modules inside exist for maintainability.
"""

from core.models.base import BasePage
from core.models.generation import PublicChange, PublicGeneration
from core.models.made_files import MadeFile
from core.models.media import (
    Document,
    Image,
    NationalTag,
    Rendition,
    TaggedDocument,
    TaggedImage,
    attach_resized,
    resized,
)
from core.models.mixins import PostalAddressMixin, PublicCoordinates, ReviewMixin, checked_page_types

__all__ = [
    "BasePage",
    "Document",
    "Image",
    "MadeFile",
    "NationalTag",
    "PostalAddressMixin",
    "PublicChange",
    "PublicCoordinates",
    "PublicGeneration",
    "Rendition",
    "ReviewMixin",
    "TaggedDocument",
    "TaggedImage",
    "attach_resized",
    "checked_page_types",
    "resized",
]
