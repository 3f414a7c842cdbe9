"""What whoever runs the Jupyter server may set, by `c.Karvdash.…` or the environment."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from traitlets import Unicode, default
from traitlets.config import Configurable


class Karvdash(Configurable):
    """Where Karvdash is, and where credentials lie."""

    url = Unicode(help="Address of the dashboard, which the sign-in form offers.").tag(config=True)
    ca_file = Unicode(help="A file with certificates (PEM) to trust besides the system's.").tag(config=True)
    identity_folder = Unicode(
        "/var/run/secrets/karvdash", help="Where a pod of the platform finds its own token."
    ).tag(config=True)
    credentials_file = Unicode(help="Where the address and the token of a signed-in person are kept.").tag(config=True)

    @default("url")
    def _url(self) -> str:
        return os.environ.get("KARVDASH_URL", "")

    @default("ca_file")
    def _ca_file(self) -> str:
        return os.environ.get("KARVDASH_CA_FILE", "")

    @default("credentials_file")
    def _credentials_file(self) -> str:
        return str(Path(jupyter_data_dir()) / "karvdash.json")
