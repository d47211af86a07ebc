"""The commands behind the Makefile: `python -m mara_site.run demo`, `dev`, `test`, `check`…"""

import argparse
import sys

from mara_site.run import quality, serve, upkeep
from mara_site.run.console import CannotRunError

# The commands about backups, and the action of `mara_site.backup` that each one runs.
BACKUPS = {"backup": "make", "restore": "restore", "restore-drill": "drill", "restore-discard": "discard"}


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m mara_site.run")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("demo", "dev"):
        commands.add_parser(name).add_argument("--port", type=int, help="premier port essayé")
    for name in ("demo-reset", "stop", "check", "format", "messages", "lock", "upgrade"):
        commands.add_parser(name)
    for name in BACKUPS:
        commands.add_parser(name, help="les mots qui suivent vont à mara_site.backup", add_help=False)
    commands.add_parser("test", help="les mots qui suivent vont à pytest", add_help=False)
    drill = commands.add_parser("fuzz")
    drill.add_argument("--inputs", type=int, default=100_000, help="combien d'entrées en tout")
    drill.add_argument("--seed", type=int, default=1, help="la même graine donne les mêmes entrées")
    drill.add_argument(
        "--only", default="", help="des portes par le début de leur nom, ou une entrée à rejouer : porte#numéro"
    )
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in ("test", *BACKUPS):
        parser.error(f"mots inconnus : {' '.join(rest)}")
    try:
        return _run(options, rest)
    except CannotRunError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace, rest: list[str]) -> int:
    match options.command:
        case "demo":
            return serve.demo(options.port)
        case "dev":
            return serve.dev(options.port)
        case "demo-reset":
            return serve.reset()
        case "stop":
            return serve.stop()
        case str(name) if name in BACKUPS:
            return upkeep.backup([BACKUPS[name], *rest])
        case "upgrade":
            return upkeep.upgrade()
        case "test":
            return quality.test(rest)
        case "fuzz":
            return quality.fuzz(options.inputs, options.seed, options.only)
        case "check":
            return quality.check()
        case "format":
            return quality.tidy()
        case "messages":
            return quality.messages()
        case _:
            return quality.lock()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
