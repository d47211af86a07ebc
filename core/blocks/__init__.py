"""The blocks of a page's body. Pages use ``StoryBlock`` and nothing else."""

from core.blocks.story import StoryBlock

__all__ = ["StoryBlock"]
