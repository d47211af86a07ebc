"""What the clock does for mail, again and again, with delays of seconds: a process for the drill to kill."""

from __future__ import annotations

import datetime as dt
import time

import django


def main() -> None:
    django.setup()
    from users import mail_queue

    mail_queue.RETRY_AFTER = tuple(dt.timedelta(seconds=number) for number in (1, 2, 4, 8, 16))
    while True:
        mail_queue.deliver()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
