"""What is shipped to servers, laid out in a folder of a test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
HOST = "mara.example.org"


def run(*command: str | Path, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)


def needs(program: str):
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} est absent de cette machine")


def front_folder(folder: Path, http: int = 8080, https: int = 8443, upstream: int = 8001) -> Path:
    """The front server's shipped configuration, filled in for a folder: ``nginx -c nginx.conf`` takes it."""
    for name in ("names.d", "tls", "cache", "log"):
        (folder / name).mkdir()
    values = {"HOST": HOST, "HTTP": http, "HTTPS": https}
    values |= {"ETC": folder, "CACHE": folder / "cache", "LOG": folder / "log"}
    values |= {"STATIC": folder, "MEDIA_PARENT": folder, "ACME": folder}
    text = (DEPLOY / "nginx" / "mara.conf").read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    assert not re.findall(r"@[A-Z_]+@", text)
    # A machine may have no IPv6.
    (folder / "site.conf").write_text(text.replace("listen [::]:", "# listen [::]:"))
    instances = re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{upstream}", (DEPLOY / "nginx" / "upstream.conf").read_text())
    (folder / "upstream.conf").write_text(instances)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", f"/CN={HOST}", "-keyout", str(folder / "tls/privkey.pem")]
    run(*command, "-out", folder / "tls/fullchain.pem")
    # Started by the administrator, it would work as somebody who may not read this folder.
    main = "user root;\n" if os.geteuid() == 0 else ""
    main += f"pid {folder}/pid;\nerror_log {folder}/log/error.log;\nevents {{}}\n"
    main += f"http {{ include {folder}/site.conf; }}\n"
    (folder / "nginx.conf").write_text(main)
    return folder
