"""What the launcher says when it cannot start."""


class LauncherError(Exception):
    """Why the embedded database did not start or stop: one sentence in French, for the person at the keyboard."""
