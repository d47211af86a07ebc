"""The version before on the schema of this one: what a rolling upgrade asks of it."""
