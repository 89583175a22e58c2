"""`pkilab server configure`, `import`, `encrypt-key` and `reinitialize`: what a CA server is made of."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pkilab.cli import asking, passwords, printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import (
    PASSWORDS,
    CommonName,
    Country,
    Locality,
    Node,
    Organization,
    PasswordFile,
    Root,
    State,
    Unit,
    option,
    serial_of,
    subject_of,
)
from pkilab.cli.sending import send

_NEW = "A new key and certificate"
_EXISTING = "An existing key and certificate"
_MAIL = "Mail"

Directory = Annotated[
    str, option("--dir", "DIR", "Folder of the CA's files; a relative one lies in the manager directory.")
]
IssuedDays = Annotated[int, option("--issued-days", "N", "Validity of what the CA issues, in days.")]
Existing = Annotated[
    bool | None, option("--existing/--new", None, "Say which case it is, and stop if the files say otherwise.")
]
Serials = Annotated[str, option("--serials", "HOW", "Serial numbers: counter or random.", default=True)]
PublicUrl = Annotated[str, option("--public-url", "URL", "Its web service as it is reached from outside.")]
CADays = Annotated[int | None, option("--ca-days", "N", "Validity of the CA certificate, in days; required.", _NEW)]
Algorithm = Annotated[
    str | None, option("--key-algorithm", "NAME", "Such as rsa-4096 or ec-p384; rsa-3072 unless told.", _NEW)
]
LastSerial = Annotated[
    str | None, option("--last-serial", "HEX", "The number used last, if there is no serial file.", _EXISTING)
]
ChainFile = Annotated[
    Path | None, option("--chain", "FILE", "The certificates above it, in PEM; else ROOT-chain.cer.", _EXISTING)
]
SmtpHost = Annotated[str, option("--smtp-host", "HOST", "SMTP server; without one, the lab's own inbox.", _MAIL)]
SmtpPort = Annotated[int, option("--smtp-port", "N", "Its port.", _MAIL, default=True)]
SmtpUser = Annotated[str, option("--smtp-user", "NAME", "The name to log in with.", _MAIL)]
SmtpTls = Annotated[str, option("--smtp-tls", "HOW", "none, starttls or tls.", _MAIL, default=True)]
SmtpTrust = Annotated[Path | None, option("--smtp-trust", "FILE", "The certificates to trust over TLS, in PEM.", _MAIL)]
SmtpPasswordFile = Annotated[
    Path | None,
    option(
        "--smtp-password-file",
        "FILE",
        "The SMTP password is the first line of FILE; else PKILAB_SMTP_PASSWORD, else a prompt.",
        PASSWORDS,
    ),
]
AdminEmail = Annotated[str, option("--admin-email", "ADDRESS", "The CA administrator's address.", _MAIL)]
Container = Annotated[Path, typer.Argument(metavar="FILE.p12", help="A PKCS#12 file.")]
ImportRoot = Annotated[str | None, option("--root", "ROOT", "File root; else the file's name.")]
Yes = Annotated[bool, option("--yes", None, "Do it without asking.")]


def add(app: typer.Typer) -> None:
    """Add these commands to the group of the CA server's."""
    command(app, "configure", then=send)(configure)
    command(app, "import")(import_container)
    command(app, "encrypt-key")(encrypt_key)
    command(app, "reinitialize")(reinitialize)


def configure(  # long: Typer makes the options of the parameters, and each field of S1-S5 is one
    call: Call,
    *,
    root: Root,
    directory: Directory,
    issued_days: IssuedDays,
    existing: Existing = None,
    serials: Serials = "counter",
    public_url: PublicUrl = "",
    node: Node = "",
    c: Country = "",
    st: State = "",
    l: Locality = "",  # noqa: E741 - the option's name
    o: Organization = "",
    ou: Unit = "",
    cn: CommonName = "",
    ca_days: CADays = None,
    key_algorithm: Algorithm = None,
    last_serial: LastSerial = None,
    chain: ChainFile = None,
    smtp_host: SmtpHost = "",
    smtp_port: SmtpPort = 25,
    smtp_user: SmtpUser = "",
    smtp_tls: SmtpTls = "none",
    smtp_trust: SmtpTrust = None,
    admin_email: AdminEmail = "",
    password_file: PasswordFile = None,
    smtp_password_file: SmtpPasswordFile = None,
) -> Answer:
    """Configure an instance as a CA server, with a new key and certificate or with existing ones.

    If ROOT.key and ROOT.cer are both in DIR, they are used; otherwise new ones are made. DIR will hold the CA's
    private key: keep it on encrypted removable media. For training and tests, never for production.
    """
    server = call.named(node=node).server
    found = server.look(root=root, directory=directory)
    smtp = _smtp_password(smtp_user, smtp_password_file)
    act = partial(
        server.configure,
        root=root,
        directory=directory,
        issued_days=issued_days,
        existing=existing,
        found=found,
        subject=subject_of(c=c, st=st, l=l, o=o, ou=ou, cn=cn),
        ca_days=ca_days,
        key_algorithm=key_algorithm,
        last_serial=serial_of(last_serial),
        chain=chain,
        serials=serials,
        admin_email=admin_email,
        smtp_host=smtp_host,
        smtp_port=smtp_port,
        smtp_username=smtp_user,
        smtp_password=smtp.password,
        smtp_confirmation=smtp.confirmation,
        smtp_security=smtp_tls,
        smtp_trust=smtp_trust,
        public_url=public_url,
    )

    def question() -> str:
        printing.complain(found.reason)
        return f"New password for {found.root}.key"

    # For an existing key only a password that was given on purpose counts, and is refused then.
    password = passwords.given(passwords.KEY, password_file) if password_file or not found.existing else None
    done = passwords.choosing(lambda new, again: act(password=new, confirmation=again), password, question)
    return Answer.card(done)


def import_container(
    call: Call, *, file: Container, directory: Directory, root: ImportRoot = None, password_file: PasswordFile = None
) -> Answer:
    """Lay a PKCS#12 file out as ROOT.key, ROOT.cer and ROOT-chain.cer, which `configure` then takes over.

    The private key is written under the file's own password.
    """
    server = call.named().server
    done = passwords.opening(
        lambda password: server.import_container(file, directory=directory, root=root, password=password),
        password_file,
    )
    return Answer.card(done)


def encrypt_key(call: Call, *, password_file: PasswordFile = None) -> Answer:
    """Encrypt the CA's private key in place, if it lies open."""
    server = call.server
    done = passwords.choosing(
        lambda new, again: server.encrypt_key(password=new, confirmation=again),
        passwords.given(passwords.KEY, password_file),
        lambda: "New password for the private key",
    )
    return Answer.card(done)


def reinitialize(call: Call, *, yes: Yes = False) -> Answer:
    """Start over: drop the configuration, all requests and the records of certificates, after writing a copy.

    Key, certificate and serial file stay, and can be configured again. Without --yes the effects are told, and a
    person at a terminal is asked.
    """
    server = call.server
    done = asking.confirmed(lambda sure: server.reinitialize(confirmed=sure), yes=yes)
    return Answer.card(done)


def _smtp_password(user: str, file: Path | None) -> passwords.Typed:
    """Return the password to log in with; where nobody logs in, only what was given on purpose."""
    given = passwords.given(passwords.SMTP, file) if user or file is not None else None
    if given is not None or not user:
        return passwords.Typed(password=given or "")
    return passwords.typed(passwords.SMTP, f"SMTP password of {user} (empty for none)", new=True)
