"""Configuring a CA server (S1-S7) in four ways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pkilab.model.acts import Configured
from pkilab.model.algorithm import DEFAULT_CA
from pkilab.model.settings import MailSecurity, MailSettings, Serials, default_administrator
from pkilab.views.hood import openssl, python, shell
from pkilab.views.hood.shell import PASSWORD_FILE
from pkilab.views.hood.way import Hood, told

_SMTP_PASSWORD_FILE = "password-smtp.txt"  # noqa: S105 - the name of a file that holds one
_FIRST_LINE = f"{PASSWORD_FILE} is a file of yours, its first line the password; without it you are asked."
_EMPTY_SERIAL = "00"


def configure(
    done: Configured,
    *,
    directory: str | Path = "",
    last_serial: int | None = None,
    chain: str | Path | None = None,
    key_encrypted: bool = True,
    smtp_password: bool = False,
    lab: str | Path = "",
) -> Hood:
    """Return how a CA server was configured, with a new key or an existing one as `done` says.

    `directory`, `last_serial` and `chain` are what was wished; the directory in use is named where none is given.
    `key_encrypted` is what step one found, `smtp_password` whether one was given.
    """
    where = str(directory) or done.settings.directory
    taken = _Taken(last_serial=last_serial, chain=str(chain or ""))
    return told(
        python=_python(done, where, taken, smtp_password=smtp_password, lab=str(lab)),
        pkilab=_commands(done, where, taken, smtp_password=smtp_password, lab=str(lab)),
        openssl=_taking_over(done, taken, key_encrypted=key_encrypted) if done.existing else _making(done),
        wire="Nothing: a CA server is configured where its files are, and never over the network.\n"
        f"A confirmation is mailed to {done.settings.mail.administrator}.\n",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What was said of an existing CA."""

    last_serial: int | None
    chain: str


def _days(done: Configured) -> int:
    # notBefore lies five minutes before the moment from which the days are counted.
    return (done.certificate.not_after - done.certificate.not_before).days


def _python(done: Configured, directory: str, taken: _Taken, *, smtp_password: bool, lab: str) -> str:
    settings, names = done.settings, []
    given = {"root": python.literal(settings.root), "directory": python.literal(directory)}
    if done.existing:
        given["existing"] = "True"
        if taken.last_serial is not None:
            given["last_serial"] = f"0x{taken.last_serial:02X}"
        if taken.chain:
            given["chain"] = python.literal(taken.chain)
    else:
        names.append("DN")
        given["password"] = python.prompt(f"New password for {settings.root}.key")
        given["subject"] = python.subject(done.certificate.subject)
        given["ca_days"] = str(_days(done))
        given["key_algorithm"] = python.literal(str(openssl.algorithm(done.certificate.key)))
    given["issued_days"] = str(settings.issued_days)
    if settings.serials is not Serials.COUNTER:
        given["serials"] = python.literal(str(settings.serials))
    given |= {name: python.literal(value) for name, value in _mail(settings.mail, settings.instance)}
    if smtp_password:
        given["smtp_password"] = python.prompt(f"SMTP password of {settings.mail.username}")
    if settings.public_url:
        given["public_url"] = python.literal(settings.public_url)
    act = [python.call("done = ca.configure", given), "print(done)"]
    return python.script(python.SERVER, settings.instance, act, names=names, node=settings.node, lab=lab)


def _commands(done: Configured, directory: str, taken: _Taken, *, smtp_password: bool, lab: str) -> str:
    settings = done.settings
    words = shell.options([("--root", settings.root), ("--dir", directory), ("--node", settings.node)])
    if done.existing:
        words.append("--existing")
        last = None if taken.last_serial is None else f"{taken.last_serial:02X}"
        words += shell.options([("--last-serial", last), ("--chain", taken.chain)])
    else:
        subject = [(f"--{kind.lower()}", text) for relative in done.certificate.subject for kind, text in relative]
        algorithm = openssl.algorithm(done.certificate.key)
        words += shell.options([*subject, ("--ca-days", _days(done))])
        words += shell.options([("--key-algorithm", "" if algorithm is DEFAULT_CA else str(algorithm))])
    words += shell.options([("--issued-days", settings.issued_days)])
    words += shell.options([("--serials", "" if settings.serials is Serials.COUNTER else str(settings.serials))])
    words += shell.options([(_OPTIONS[name], value) for name, value in _mail(settings.mail, settings.instance)])
    if smtp_password:
        words.append(f"--smtp-password-file {_SMTP_PASSWORD_FILE}")
    words += shell.options([("--public-url", settings.public_url)])
    remark = ""
    if not done.existing:
        words.append(f"--password-file {PASSWORD_FILE}")
        remark = shell.remark(_FIRST_LINE)
    return shell.lines(remark, shell.pkilab(settings.instance, lab, "server configure", *words))


_OPTIONS = {
    "admin_email": "--admin-email",
    "smtp_host": "--smtp-host",
    "smtp_port": "--smtp-port",
    "smtp_username": "--smtp-user",
    "smtp_security": "--smtp-tls",
    "smtp_trust": "--smtp-trust",
}


def _mail(mail: MailSettings, instance: str) -> list[tuple[str, object]]:
    """Return the mail settings that are not as they are by themselves."""
    found: list[tuple[str, object]] = []
    if mail.administrator != default_administrator(instance):
        found.append(("admin_email", mail.administrator))
    if mail.host:
        found += [("smtp_host", mail.host), ("smtp_port", mail.port)]
    if mail.username:
        found.append(("smtp_username", mail.username))
    if mail.security is not MailSecurity.NONE:
        found.append(("smtp_security", str(mail.security)))
    if mail.trust:
        found.append(("smtp_trust", mail.trust))
    return found


def _making(done: Configured) -> str:
    certificate, root = done.certificate, done.settings.root
    if refused := openssl.cannot(certificate.key):
        return shell.remark(refused) + "\n"
    extensions = [*openssl.profile(certificate), "subjectKeyIdentifier = hash", "authorityKeyIdentifier = keyid:always"]
    content = openssl.configuration(certificate.subject, extensions, (), section="x509_extensions")
    return shell.lines(
        shell.remark(openssl.OVERWRITES, f"The first line of {PASSWORD_FILE} is the private key's new password."),
        openssl.new_key(certificate.key, f"{root}.key", password=True),
        shell.fed(f"cat > {root}.cnf", content),
        shell.command(
            f"openssl req -x509 -new -config {root}.cnf -key {root}.key -passin file:{PASSWORD_FILE}",
            " ".join(part for part in (openssl.digest(certificate.key), f"-days {_days(done)}") if part),
            f"-out {root}.cer",
        ),
        f"echo {_EMPTY_SERIAL} > {root}.srl" if done.settings.serials is Serials.COUNTER else "",
        f"openssl x509 -in {root}.cer -noout -fingerprint -sha256",
    )


def _taking_over(done: Configured, taken: _Taken, *, key_encrypted: bool) -> str:
    """Show what pkilab made sure of; nothing is made but a serial file."""
    certificate, root = done.certificate, done.settings.root
    if refused := openssl.cannot(certificate.key):
        return shell.remark(refused) + "\n"
    opened = f" -passin file:{PASSWORD_FILE}" if key_encrypted else ""
    last = "" if taken.last_serial is None else f"{taken.last_serial:X}"
    needed = [f"The first line of {PASSWORD_FILE} is the private key's password."] if key_encrypted else []
    return shell.lines(
        shell.remark(
            "Nothing is made: look whether this may issue, and whether key and certificate belong together.", *needed
        ),
        f"cd {shell.word(done.settings.directory)}",
        f"openssl x509 -in {root}.cer -noout -subject -issuer -dates -ext basicConstraints,keyUsage",
        f'test "$(openssl pkey -in {root}.key{opened} -pubout)" = "$(openssl x509 -in {root}.cer -noout -pubkey)" \\\n'
        '    && echo "They belong together."',
        f"echo {last.zfill(len(last) + len(last) % 2)} > {root}.srl" if last else "",
    )
