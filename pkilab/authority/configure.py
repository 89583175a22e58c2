"""Configuring a CA server: making a new key and certificate (S2), or taking over existing ones (S3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pkilab.authority.look import look
from pkilab.authority.site import Site, head_path, key_path
from pkilab.authority.takeover import take_over
from pkilab.authority.wish import (
    ConfigureSettings,
    check_case,
    check_password,
    mail_settings,
)
from pkilab.errors import AlreadyConfigured, FoundChanged, InvalidField
from pkilab.mail import messages
from pkilab.model.acts import Configured, Found
from pkilab.model.addresses import check_public_url
from pkilab.model.certificate import Certificate
from pkilab.model.dn import comma_form
from pkilab.model.settings import CASettings, MailSettings, Serials, check_days
from pkilab.store import authorities, files, journal, outbox, secrets
from pkilab.store.authorities import Authority
from pkilab.store.files import NewFile
from pkilab.store.registry import Transaction
from pkilab.store.serial import SerialFile, locked_beside
from pkilab.x509 import issue, keys


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """Key and certificate that a CA is going to use: the files to write, and what to tell about them."""

    certificate: Certificate
    chain: tuple[Certificate, ...] = ()
    new_files: tuple[NewFile, ...] = ()
    warnings: tuple[str, ...] = ()


def configure(site: Site, wish: ConfigureSettings) -> Configured:
    """Configure the instance as a CA server and return what was made or taken over.

    Raises:
        AlreadyConfigured, FoundChanged, WrongCase: it is not the time, or not the case, for this.
        InvalidField, PasswordsDiffer: a value breaks its rule; nothing was written.
        PkilabError: an existing key or certificate cannot be used (see `takeover`), or a file cannot be written.
    """
    now = site.clock()
    with site.registry.reading() as tx:
        _refuse_second(site, authorities.get(tx, site.instance))
    found = look(site, root=wish.root, directory=wish.directory)
    if wish.found is not None and wish.found != found:
        raise FoundChanged(found.directory, found.root)
    check_case(wish, found)
    mail = mail_settings(wish, site.instance)
    settings = _settings(site, wish, found, mail, now)
    if found.existing:
        taken = take_over(wish, found, now)
        material = _Material(**taken)
    else:
        material = _make(site, wish, found, now)
    authority = Authority(settings=settings, certificate=material.certificate, chain=material.chain)
    with site.establish(), locked_beside(site.manager, field="Manager directory"):
        if look(site, root=wish.root, directory=wish.directory) != found:
            raise FoundChanged(found.directory, found.root)
        set_aside = _save(site, wish, found, authority, material.new_files)
    return _told(authority, found, material, set_aside)


def _refuse_second(site: Site, authority: Authority | None) -> None:
    if authority is not None:
        raise AlreadyConfigured(site.instance)


def _refuse_shared(tx: Transaction, authority: Authority) -> None:
    """Refuse the files of another CA of this lab: two that number with one counter know nothing of each other."""
    for other in authorities.all(tx):
        if key_path(other).resolve() == key_path(authority).resolve():
            raise InvalidField(
                "File root",
                f"{authority.settings.root} in {authority.settings.directory} is already in use by the CA server "
                f"{other.settings.instance}; choose another file root or directory.",
            )


def _settings(site: Site, wish: ConfigureSettings, found: Found, mail: MailSettings, now: datetime) -> CASettings:
    return CASettings(
        instance=site.instance,
        node=site.node,
        root=found.root,
        directory=str(found.directory),
        issued_days=check_days("Validity of issued certificates", wish.issued_days, latest=issue.latest_days(now)),
        serials=wish.numbering,
        mail=mail,
        configured_at=now,
        configured_by=site.acting(wish.by),
        public_url=check_public_url(wish.public_url),
    )


def _make(site: Site, wish: ConfigureSettings, found: Found, now: datetime) -> _Material:
    """Make a new key pair and a self-signed certificate (S2)."""
    if wish.subject is None:
        raise InvalidField("Subject", "at least one part of the name is needed; a common name is usual.")
    if wish.ca_days is None:
        raise InvalidField("Validity of the CA certificate", "this is required; give a number of days.")
    days = check_days("Validity of the CA certificate", wish.ca_days, latest=issue.latest_days(now))
    if found.serial is not None and wish.numbering is Serials.COUNTER:
        SerialFile(found.serial).last()  # It survives, so it has to be readable.
    algorithm = wish.algorithm
    # Last of all, so that whoever is asked for a password only when one is needed types it once.
    password = check_password(wish.password, wish.confirmation)
    key = keys.generate(algorithm)
    serial = int.from_bytes(site.entropy(16)) >> 1 or 1
    certificate = issue.root(key, wish.subject, days=days, serial=serial, now=now)
    base = found.directory / found.root
    new = [
        NewFile(base.with_suffix(".key"), keys.dump(key, password), 0o600),
        NewFile(base.with_suffix(".cer"), certificate.pem.encode(), 0o644),
    ]
    if wish.numbering is Serials.COUNTER and found.serial is None:
        new.append(NewFile(base.with_suffix(".srl"), SerialFile.content(0), 0o644))
    return _Material(certificate=certificate, new_files=tuple(new))


def _save(
    site: Site, wish: ConfigureSettings, found: Found, authority: Authority, new: tuple[NewFile, ...]
) -> tuple[Path, ...]:
    """Write the files, then registry, journal and mail in one transaction; undo the files if that fails."""
    settings = authority.settings
    with files.laid_down(new, field="Directory") as set_aside, site.registry.writing() as tx:
        _refuse_second(site, authorities.get(tx, site.instance))
        _refuse_shared(tx, authority)
        authorities.add(tx, authority)
        entry = journal.append(
            tx,
            site.instance,
            at=settings.configured_at,
            by=settings.configured_by,
            act="configured",
            facts={
                "root": settings.root,
                "existing": str(found.existing).lower(),
                "sha256": authority.certificate.fingerprint.sha256,
            },
        )
        subject = comma_form(authority.certificate.subject)
        mail = messages.configured(settings, authority.certificate.fingerprint, subject, site.token())
        outbox.put(tx, site.instance, [mail], settings.configured_at)
        foreign = journal.set_aside_foreign_head(tx, site.instance, head_path(authority))
        if wish.smtp_password:
            secrets.save(site.manager, wish.smtp_password)
        else:
            secrets.drop(site.manager)
    site.note_head(authority, entry)
    return (*set_aside, foreign) if foreign else set_aside


def _told(authority: Authority, found: Found, material: _Material, set_aside: tuple[Path, ...]) -> Configured:
    settings = authority.settings
    base = found.directory / found.root
    counted = settings.serials is Serials.COUNTER
    done = "uses the key and certificate that were there" if found.existing else "has a new key and certificate"
    lock_away = (
        ""
        if found.existing
        else " Put the private key on encrypted removable media now, and lock that away when it is not in use."
    )
    aside = f" Kept aside: {', '.join(path.name for path in set_aside)}." if set_aside else ""
    return Configured(
        settings=settings,
        existing=found.existing,
        certificate=authority.certificate,
        key_path=base.with_suffix(".key"),
        certificate_path=base.with_suffix(".cer"),
        serial_path=base.with_suffix(".srl") if counted else None,
        set_aside=set_aside,
        warnings=material.warnings,
        message=f"CA server {settings.instance} is configured. It {done}, in {found.directory}. "
        f"A confirmation is on its way to {settings.mail.administrator}.{aside}{lock_away}",
    )
