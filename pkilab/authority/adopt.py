"""Taking over what this CA issued elsewhere, so that lists, numbers and revocation go on (moving in)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from pkilab.authority.site import Site, serial_path
from pkilab.errors import InvalidField, NotIssuedHere, NumberTaken
from pkilab.model.aftercare import Adopted
from pkilab.model.certificate import MAX_SERIAL, Certificate, IssuedCertificate
from pkilab.model.dn import comma_form
from pkilab.model.journal import Facts
from pkilab.model.names import MAX_HOST, RequestName, check_root
from pkilab.model.settings import Serials
from pkilab.model.text import check_line
from pkilab.model.usage import Usage
from pkilab.store import certificates as registry
from pkilab.store import files, journal
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction
from pkilab.store.serial import SerialFile
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain

_COUNTABLE = 1 << 63
"""No counter comes this far: larger numbers were drawn at random, and the serial file stays where it is."""


def adopt(site: Site, given: Sequence[str | Path | tuple[str, bytes]], *, host: str, origin: str, by: str) -> Adopted:
    """Record the certificates in files (PEM, also several in one, or DER) that this CA signed elsewhere; all or none.

    `host` and `origin` (an instance) are where they are listed as coming from, as far as that is known. The file's
    name is the file root. The serial file is raised above their numbers.

    Raises:
        NotIssuedHere: another CA signed one, or it is this CA's own.
        NumberTaken: another certificate has its number.
        CannotRead, CertificateUnreadable, InvalidField: a file, or no file at all.
        SerialFileMissing, SerialFileBroken, CannotWrite: the serial file; nothing was adopted.
    """
    if not given:
        raise InvalidField("Files", "name the files with the certificates that this CA issued.")
    now, who = site.clock(), site.acting(by)
    origin_host = check_line("Host", host, upper_bound=MAX_HOST)
    origin_instance = check_line("Instance", origin, upper_bound=64)
    with site.registry.reading() as tx:
        authority = site.authority(tx)
    read = _read([_octets(each) for each in given], authority)
    counter = authority.settings.serials is Serials.COUNTER
    numbers = SerialFile(serial_path(authority)).lock() if counter else nullcontext()
    with numbers, site.registry.writing() as tx:
        authority = site.authority(tx)
        known, new = _split(site, tx, read)
        made = [
            IssuedCertificate(
                number=certificate.serial,
                ca=site.instance,
                name=RequestName(origin_host, origin_instance, _root(path)),
                certificate=certificate,
                usage=_usage(certificate),
                issued_at=certificate.not_before,
                issued_by=f"elsewhere; adopted by {who}",
            )
            for path, certificate in new
        ]
        counted = [each for each in made if counter and each.number < _COUNTABLE]
        drawn = [each for each in made if not (counter and each.number < _COUNTABLE)]
        registry.add_many(tx, site.instance, counted, counted=True)
        registry.add_many(tx, site.instance, drawn, counted=False)
        facts: list[Facts] = [
            {"number": str(each.number), "root": each.root, "sha256": each.fingerprint.sha256} for each in made
        ]
        entries = journal.append_many(tx, site.instance, at=now, by=who, act="adopted", facts=facts)
        raised = _raise(authority, max((each.number for each in counted), default=0))
    if entries:
        site.note_head(authority, entries[-1])
    return Adopted(certificates=tuple(made), known=known, message=_told(made, known, raised))


def _octets(given: str | Path | tuple[str, bytes]) -> tuple[Path, bytes]:
    """Return a file's name and octets; those that a browser handed over have no folder."""
    if isinstance(given, tuple):
        name, data = given
        return Path(name.replace("\\", "/").rsplit("/", 1)[-1] or "adopted"), data
    return Path(given), files.read(Path(given))


def _read(given: Sequence[tuple[Path, bytes]], authority: Authority) -> list[tuple[Path, Certificate]]:
    """Return the certificates in the files, each checked to be this CA's, in the order of their beginning."""
    found: dict[str, tuple[Path, Certificate]] = {}
    for path, data in given:
        for certificate in certificates.read_all(data, path=path):
            subject = comma_form(certificate.subject) or "no subject"
            if certificate.fingerprint == authority.certificate.fingerprint:
                raise NotIssuedHere(path, subject, "it is this CA's own")
            if not chain.signed_by(certificate, authority.certificate):
                raise NotIssuedHere(path, subject, "this CA's key did not sign it")
            if not 0 < certificate.serial <= MAX_SERIAL:
                raise NotIssuedHere(path, subject, "its number is none that a certificate may have")
            found[certificate.fingerprint.sha256] = (path, certificate)
    return sorted(found.values(), key=lambda each: (each[1].not_before, each[1].serial))


def _split(
    site: Site, tx: Transaction, read: Sequence[tuple[Path, Certificate]]
) -> tuple[tuple[int, ...], list[tuple[Path, Certificate]]]:
    """Return the numbers of those that are on record, and the others."""
    known, new = [], []
    for path, certificate in read:
        number = certificate.serial
        there = registry.get(tx, site.instance, number, site.clock())
        if there is not None and there.fingerprint == certificate.fingerprint:
            known.append(number)
        elif registry.numbers_exist(tx, site.instance, number):
            raise NumberTaken(number)
        else:
            new.append((path, certificate))
    return tuple(known), new


def _root(path: Path) -> str:
    try:
        return check_root(path.stem)
    except InvalidField:
        return "adopted"


def _usage(certificate: Certificate) -> Usage | None:
    """Return the usage that a certificate's extensions stand for; None for another."""
    if certificate.ca:
        return Usage.INTERMEDIATE
    purposes = set(certificate.extended_key_usage)
    if "codeSigning" in purposes:
        return Usage.CODE_SIGNING
    return Usage.TLS if not purposes or purposes & {"serverAuth", "clientAuth"} else None


def _raise(authority: Authority, number: int) -> int | None:
    """Raise the serial file to `number`, and return that; None where it stands there or beyond already."""
    if not number:
        return None
    serial = SerialFile(serial_path(authority))
    return number if serial.raise_to(number) else None


def _told(made: Sequence[IssuedCertificate], known: tuple[int, ...], raised: int | None) -> str:
    before = f"{len(known)} {'was' if len(known) == 1 else 'were'} on record before."
    if made:
        count = "1 certificate is" if len(made) == 1 else f"{len(made)} certificates are"
        told = f"{count} on record now, and can be listed, fetched and revoked." + (f" {before}" if known else "")
    else:
        told = f"Nothing was adopted: {before}"
    if raised is not None:
        told += f" The serial file was raised to {raised}, so that no number is given twice."
    return told
