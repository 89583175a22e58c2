"""*Under the hood* (X7): an act as Python, as commands of pkilab and of `openssl`, and as it went over the wire.

Each function is handed what was wished and what came out. The texts run as they stand: as Python with the public
names, as commands in a shell. Secrets are placeholders: prompts in Python, files in a shell.
"""

from pkilab.views.hood.aftercare import lift, publish, revoke
from pkilab.views.hood.client import configure_client, get
from pkilab.views.hood.configure import configure
from pkilab.views.hood.issue import issue
from pkilab.views.hood.keeping import delete, reinitialize
from pkilab.views.hood.submit import renew, resubmit, submit
from pkilab.views.hood.use import check, decrypt, encrypt, export, export_chain, export_trust, sign, tls
from pkilab.views.hood.verify import verify
from pkilab.views.hood.way import Hood, Way

__all__ = [
    "Hood",
    "Way",
    "check",
    "configure",
    "configure_client",
    "decrypt",
    "delete",
    "encrypt",
    "export",
    "export_chain",
    "export_trust",
    "get",
    "issue",
    "lift",
    "publish",
    "reinitialize",
    "renew",
    "resubmit",
    "revoke",
    "sign",
    "submit",
    "tls",
    "verify",
]
