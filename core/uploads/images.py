"""Images: one that Pillow cannot draw to its end, or that would fill the memory, is refused with a sentence."""

from __future__ import annotations

import struct
import warnings
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image as Picture
from wagtail.images.fields import WagtailImageField

MAX_FRAMES = 300
# Pillow has no exception of its own for the many ways in which a file may be broken.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
    Picture.DecompressionBombError,
)
DAMAGED = _("This image is damaged: open it in a program for images, save it again, and send the new file.")
TOO_LONG = _("This animation has too many images: %(count)d at most.")


class ImageFileField(WagtailImageField):
    """Wagtail's field, which believes an image whose beginning is right; here the whole of it is read."""

    def to_python(self, data):
        """The file.

        Raises:
            ValidationError: with a sentence, for a file that is too heavy, too large, of another kind, damaged.
        """
        try:
            file = super().to_python(data)
            if file is not None:
                self._draw(data)
        except UNREADABLE as error:
            raise ValidationError(DAMAGED, code="invalid_image") from error
        return file

    def check_image_pixel_size(self, f):
        """Judge one image of an animation before Wagtail counts them all."""
        with warnings.catch_warnings():
            # The number of pixels is judged below, by the number.
            warnings.simplefilter("ignore", Picture.DecompressionBombWarning)
            try:
                width, height = f.image.get_size()
            except Picture.DecompressionBombError:
                width = height = 0  # Wagtail says it
            if self.max_image_pixels and width * height > self.max_image_pixels:
                limits = {"num_pixels": width * height, "max_pixels_count": self.max_image_pixels}
                raise ValidationError(
                    self.error_messages["file_too_many_pixels"] % limits, code="file_too_many_pixels"
                )
            super().check_image_pixel_size(f)

    @staticmethod
    def _draw(data) -> None:
        data.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Picture.open(data) as picture:
                if getattr(picture, "n_frames", 1) > MAX_FRAMES:
                    raise ValidationError(TOO_LONG % {"count": MAX_FRAMES}, code="too_long")
                picture.load()
        data.seek(0)
