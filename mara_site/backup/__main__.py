"""Backups from the command line: `python -m mara_site.backup make|list|restore|discard|drill`."""

import argparse
import sys

import django

from mara_site.database.errors import LauncherError
from mara_site.run.console import CannotRunError, say


def main(arguments: list[str] | None = None) -> int:
    """Run one action and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mara_site.backup", description="Les sauvegardes du site.")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("make")
    actions.add_parser("list")
    actions.add_parser("discard", help="efface ce que les restaurations ont gardé de côté")
    for name in ("restore", "drill"):
        action = actions.add_parser(name)
        action.add_argument("backup", nargs="?", help="nom ou dossier d'une sauvegarde ; la dernière sinon")
        action.add_argument("--from-copy", action="store_true", help="depuis la copie chiffrée, ailleurs")
        if name == "restore":
            action.add_argument("--replace", action="store_true", help="remplace ce qui est en place, gardé de côté")
    options = parser.parse_args(arguments)
    django.setup()
    try:
        _run(options)
    except (CannotRunError, LauncherError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    # Here: they read the settings, which Django has set up by now.
    from mara_site.backup import drill, elsewhere, folder, making, restoring

    match options.action:
        case "make":
            making.make()
        case "list":
            for path in folder.all_backups():
                say(path.name)
        case "discard":
            restoring.discard()
        case "drill":
            drill.drill(options.backup, from_elsewhere=options.from_copy)
        case _ if options.from_copy:
            with folder.fetched() as place:
                restoring.restore(elsewhere.fetch(place), replace=options.replace)
        case _:
            restoring.restore(folder.chosen(options.backup), replace=options.replace)


if __name__ == "__main__":
    sys.exit(main())
