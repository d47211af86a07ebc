"""The embedded database from the command line: `python -m mara_site.database start|stop|url|reset [--test]`."""

import argparse
import sys
from pathlib import Path

from mara_site.database.cluster import Cluster
from mara_site.database.errors import LauncherError

VAR = Path(__file__).resolve().parent.parent.parent / "var"


def main(arguments: list[str] | None = None) -> int:
    """Run one action and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mara_site.database", description="La base de données embarquée.")
    parser.add_argument("action", choices=["start", "stop", "url", "reset"])
    parser.add_argument("--test", action="store_true", help="celle des tests, sans garantie contre les coupures")
    parser.add_argument("--directory", type=Path, help="un autre dossier de données")
    options = parser.parse_args(arguments)
    directory = options.directory or VAR / ("test-cluster" if options.test else "db")
    cluster = Cluster(directory, disposable=options.test)
    try:
        if options.action == "stop":
            cluster.stop()
        elif options.action == "reset":
            cluster.reset()
        else:
            sys.stdout.write(f"{cluster.start()}\n")
    except LauncherError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
