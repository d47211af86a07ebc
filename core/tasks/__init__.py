"""Works done apart from requests: asked through Django's task API, kept in the database, done by a worker.

A task is written in the transaction of what asks for it. A worker (`mara_site.run.worker`) does it at least once;
one that fails is tried again later, five times in all, then shown to administrators. Tasks are therefore written so
that doing one twice is doing it once, and their arguments name rows, never people (docs/adr/0093).
"""
