"""A kept page given by the shipped front server, beside the same bytes given from a file by the same server.

    .venv/bin/python -m benchmarks.front_speed [--rounds 9] [--seconds 3]

Needs nginx, openssl and wrk. Both are asked in turn over HTTPS, on the same port, with the same journal; the page goes on
being asked of the site every two seconds. CPU is nginx's own, per request: a busy machine changes it less than a rate.
A measure, never a test.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import ssl
import statistics
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.asking import ratio
from benchmarks.front.servers import HOST, Stage
from benchmarks.stage import load, say, table

NAME = "localhost"  # that wrk finds, and says when it connects: a name of the server, beside the site's own
CONNECTIONS = 16
FROM_FILE = "/from-a-file"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    for program in ("nginx", "openssl", "wrk"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is missing")
    with tempfile.TemporaryDirectory(prefix="mara-front-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        stage = Stage(folder)
        try:
            stage.set_up()
            measure(stage, options)
        finally:
            stage.tear_down()


def measure(stage: Stage, options: argparse.Namespace) -> None:
    """Ask for both in turn, and print how they compare."""
    (stage.folder / "etc/names.d/wrk.conf").write_text(f"server_name {NAME};\n")
    reload(stage)
    page = read(stage, "/")
    (stage.folder / "page.html").write_bytes(page)
    give_from_file(stage)
    assert read(stage, FROM_FILE) == page, "the file is not what the front server gives"
    found: dict[str, list[tuple[float, float]]] = {"/": [], FROM_FILE: []}
    for path in found:
        asked(stage, path, 1)
    for _round in range(options.rounds):
        for path, costs in found.items():
            costs.append(asked(stage, path, options.seconds))
    rows = []
    for name, path in (("a kept page", "/"), ("the same bytes, from a file", FROM_FILE)):
        rates, times = zip(*found[path], strict=True)
        fastest = f"{statistics.median(rates):.0f} ({max(rates):.0f})"
        rows.append([name, fastest, f"{statistics.median(times):.1f} ({min(times):.1f})"])
    say(
        f"{len(page) / 1000:.0f} kB, {CONNECTIONS} connections, {options.rounds} rounds of {options.seconds} s, {load()}"
    )
    table(["given", "a second: median (most)", "nginx's CPU µs a request: median (least)"], rows)
    (kept, cpu_kept), (file, cpu_file) = (zip(*found[path], strict=True) for path in found)
    say(f"rate, page / file: {ratio(kept, file)}, most {max(kept) / max(file):.2f}")
    say(f"CPU, file / page: {ratio(cpu_file, cpu_kept)}, least {min(cpu_file) / min(cpu_kept):.2f}")


def read(stage: Stage, path: str) -> bytes:
    """What the front server gives."""
    context = ssl._create_unverified_context()
    request = urllib.request.Request(f"https://{NAME}:{stage.https}{path}", headers={"Host": HOST})
    with urllib.request.urlopen(request, context=context, timeout=60) as answer:
        return answer.read()


def give_from_file(stage: Stage) -> None:
    """Have the same server give the page from a file too."""
    configuration = stage.folder / "etc/site.conf"
    place = f"location = {FROM_FILE} {{ alias {stage.folder}/page.html; default_type text/html; }}"
    shipped = configuration.read_text()
    assert shipped.count("    location / {\n        try_files") == 1
    configuration.write_text(
        shipped.replace("    location / {\n        try_files", f"    {place}\n    location / {{\n        try_files")
    )
    reload(stage)


def reload(stage: Stage) -> None:
    """Have nginx read its configuration again, and those that had the one before be gone."""
    stage.run("nginx", "-c", stage.folder / "etc/nginx.conf", "-s", "reload")
    time.sleep(1)


def asked(stage: Stage, path: str, seconds: int) -> tuple[float, float]:
    """Requests a second, and microseconds of nginx's CPU for each."""
    before = spent(stage)
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Host: {HOST}", f"https://{NAME}:{stage.https}{path}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    used = spent(stage) - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    requests = re.search(r"(\d+) requests in ([\d.]+)(\w+)", said)
    return int(requests[1]) / seconds, used / int(requests[1]) * 1e6


def spent(stage: Stage) -> float:
    """Seconds of CPU that nginx's processes have used."""
    ticks, group = 0, int((stage.folder / "nginx.pid").read_text())
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
