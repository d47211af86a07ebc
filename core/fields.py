"""Model fields shared by all page types."""

from __future__ import annotations

from django.db import models
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField


class StoryField(StreamField):
    """A StreamField whose blocks stay out of migrations.

    Adding a block, or rewording a label, then changes no migration. The price: a historical model in
    a data migration knows nothing of its blocks (see docs/adr/0004-blocks-out-of-migrations.md).
    """

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs

    def to_python(self, value):
        # A historical model has no block definition: hand back what is stored rather than lose it.
        if isinstance(self.stream_block, StreamBlock) and not self.stream_block.child_blocks:
            return value
        return super().to_python(value)


class HourField(models.TimeField):
    """A time of day, typed as people write it: ``9:30``, ``9h30``, ``9 h``. Stored as any other."""

    INPUT_FORMATS = ("%H:%M", "%H:%M:%S", "%Hh%M", "%Hh", "%H h %M", "%H h")

    def formfield(self, **kwargs):
        return super().formfield(**{"input_formats": self.INPUT_FORMATS, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TimeField", args, kwargs
