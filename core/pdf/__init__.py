"""Pages laid out as PDF files: how they are made, bound as booklets, and kept until what they say changes."""
