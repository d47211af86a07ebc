#!/bin/sh
# In containers (compose.yml), what two timers do on a server: a backup each night, in the first hour of the day (UTC), and
# after that of the first Sunday of a month the proof that it can be restored. Each hour it is looked at whether that of the
# day is there: one that failed, or was missed while the machine was off, is made then.
set -eu
cd "$(dirname "$0")/.."
while true; do
    set -- $(date -u '+%F %u %d') # today, its day of the week, its day of the month
    if ! ls -d "$MARA_BACKUP_DIR/$1"T*Z > /dev/null 2>&1; then
        if python -m mara_site.backup make && [ "$2" = 7 ] && [ "$3" -le 7 ]; then
            python -m mara_site.backup drill || true
        fi
    fi
    sleep 3600
done
