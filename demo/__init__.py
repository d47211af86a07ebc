"""The demonstration: a whole network with its texts, built through the same services as an editor's work."""
