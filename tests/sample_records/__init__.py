"""A record of groupements and its screens, installed in tests only: the leak matrix walks them."""
