"""`make dependencies`: writes docs/dependencies.md, what the site is made of and under which licences."""

import re
import sys
from importlib import metadata
from pathlib import Path

from mara_site.run.console import ROOT, say

PAGE = ROOT / "docs" / "dependencies.md"
FILES = {
    "requirements.txt": "Ce qui tourne sur le serveur",
    "requirements-demo.txt": "En plus, pour la démonstration",
    "requirements-dev.txt": "En plus, pour développer et tester",
}
# Licences that ask for nothing more than to keep their text, or (MPL, LGPL) to publish changes made to the component.
FITTING = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General|Unlicense|Zlib|0BSD"
    r"|HPND|PostgreSQL|CC0|MIT-CMU|Public Domain)\b",
    re.IGNORECASE,
)
# These reach the whole of a program, or the service made with it.
REACHING = re.compile(
    r"\b(AGPL|Affero|SSPL|BUSL|Business Source|Commons Clause|Proprietary|GPL|GNU General Public)", re.IGNORECASE
)
# What somebody found by reading the licence of a component that says too little, or more than fits at once.
READ = {
    "axe-playwright-python": "MIT ; axe-core, qu’il contient, est sous MPL 2.0",
    "djhtml": "GPL 3, outil de développement, non livré avec le site",
    "pyphen": "au choix : prise sous LGPL",
    "qrcode": "BSD, avec une part sous MIT ; « QR Code » est une marque de Denso Wave",
    "text-unidecode": "au choix : prise sous Artistic License, outil de développement",
}
# Those that some versions of Python need and others do not: the page is the same whichever wrote it.
ELSEWHERE = {"async-timeout": "Apache Software License"}
HEAD = """# Composants et licences

Page écrite par `make dependencies` d’après les composants installés ; un test vérifie qu’elle est à jour. Une licence
qui ne figure pas parmi celles qui conviennent d’office (`mara_site/run/dependencies.py`) est lue avant que le
composant n’entre, et ce qui y a été lu est noté après elle ; sinon elle est marquée **à examiner**, et les tests la
refusent.
"""


def pinned(file: str) -> list[tuple[str, str]]:
    """The components that a requirements file pins: name and version."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;]+)", (ROOT / file).read_text(), re.MULTILINE)
    return sorted((name.lower(), version) for name, version in found)


def licence(name: str) -> str:
    """What a component says of its licence, in a few words; empty when it is not installed or says nothing."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = about.get_all("Classifier") or []
    named = [entry.rsplit(" :: ", 1)[1] for entry in classifiers if entry.startswith("License ::")]
    if named := [words for words in named if words != "OSI Approved"]:
        return ", ".join(sorted(set(named)))
    return str(about.get("License") or "").strip().splitlines()[0][:60] if about.get("License") else ""


def fits(words: str) -> bool:
    """Whether a licence is one of those that fit without anybody reading it."""
    reaching = REACHING.search(re.sub(r"GNU (Lesser|Library)[^,]*", "", words))
    return bool(FITTING.search(words)) and not reaching


def judged(name: str, words: str) -> str:
    """A licence as the page tells it: by itself when it fits, else with what was read in it, else to be read."""
    if fits(words):
        return words
    return f"{words} (lue : {READ[name]})".strip() if name in READ else f"{words} **à examiner**".strip()


def page() -> str:
    """The whole page."""
    parts, known = [HEAD], set()
    for file, title in FILES.items():
        rows = []
        for name, version in pinned(file):
            if name in known:
                continue
            known.add(name)
            words = licence(name) or ELSEWHERE.get(name, "")
            if not words and _is_elsewhere(name):
                rows.append(f"| {name} | {version} | *(autre système)* |")
                continue
            rows.append(f"| {name} | {version} | {judged(name, words)} |")
        parts.append("\n".join([f"## {title}\n", "| composant | version | licence |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _is_elsewhere(name: str) -> bool:
    """Whether a component is pinned for other systems only, and not installed on this one."""
    try:
        metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return True
    return False


def main() -> int:
    """Write the page."""
    Path(PAGE).write_text(page())
    say(f"{PAGE.relative_to(ROOT)} est à jour.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
