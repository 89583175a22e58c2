"""Issues with django-ca's `create_cert`; django-ca's own interpreter runs it, and so it imports nothing of ours.

`python django_ca_worker.py FOLDER JOURNAL_MODE`: FOLDER/requests.json holds CSRs in PEM with their common names. A
database of that journal mode and a CA of P-256 are made in it, its key encrypted. For each line on standard input,
`each` or `at-once`, all are issued, every one in a transaction of its own or all in one, and the seconds that this took
are written as a line.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path


def configure(folder: Path, journal_mode: str) -> None:
    """Set Django up, with its database durable on each commit as pkilab's is: `delete` is how SQLite comes."""
    import django
    from django.conf import settings

    pragmas = f"PRAGMA journal_mode = {journal_mode}; PRAGMA synchronous = FULL"
    settings.configure(
        SECRET_KEY="only for a benchmark",  # noqa: S106 - nothing is guarded by it
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_ca"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "db.sqlite3"),
                "OPTIONS": {"init_command": pragmas},
            }
        },
        CA_DIR=str(folder / "ca"),
        CA_DEFAULT_HOSTNAME="ca.lab.test",
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
            "django-ca": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(folder / "ca")},
            },
        },
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command
    from django.urls import include, path

    settings.ROOT_URLCONF = (path("django_ca/", include("django_ca.urls")),)  # its certificates name addresses
    call_command("migrate", verbosity=0)


def serve(folder: Path) -> None:
    """Make a CA, load the requests, and issue whenever a line comes."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID
    from django.db import transaction
    from django_ca.key_backends import key_backends
    from django_ca.key_backends.storages.models import StoragesCreatePrivateKeyOptions, StoragesUsePrivateKeyOptions
    from django_ca.models import Certificate, CertificateAuthority

    password = secrets.token_bytes(12)
    made = StoragesCreatePrivateKeyOptions(
        key_type="EC", password=password, path=Path("ca"), elliptic_curve="secp256r1", key_size=None
    )
    ca = CertificateAuthority.objects.init(
        name="bench",
        key_backend=key_backends["default"],
        key_backend_options=made,
        key_type="EC",
        subject=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Training CA")]),
        not_after=datetime.now(tz=UTC) + timedelta(days=3650),
    )
    options = StoragesUsePrivateKeyOptions(password=password)
    wanted = [
        (
            x509.load_pem_x509_csr(each["csr"].encode()),
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each["name"])]),
            x509.Extension(
                oid=x509.SubjectAlternativeName.oid,
                critical=False,
                value=x509.SubjectAlternativeName([x509.DNSName(each["name"])]),
            ),
        )
        for each in json.loads((folder / "requests.json").read_text(encoding="ascii"))
    ]
    print("ready", flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        with transaction.atomic() if line.strip() == "at-once" else nullcontext():
            for csr, subject, names in wanted:
                Certificate.objects.create_cert(ca, options, csr, subject=subject, extensions=[names])
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    configure(Path(sys.argv[1]), sys.argv[2])
    serve(Path(sys.argv[1]))
