"""The visitors' search: what pages give to the index, how it follows them, and the question put to it."""
