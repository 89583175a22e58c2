"""Revoking, lifting a hold and publishing revocation lists (X2) in four ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pkilab.model.addresses import addresses
from pkilab.model.aftercare import Published, Revoked
from pkilab.model.certificate import Certificate
from pkilab.model.crl import RevocationList
from pkilab.model.revocation import RevocationReason
from pkilab.model.settings import CASettings
from pkilab.views.hood import openssl, python, shell
from pkilab.views.hood.shell import PASSWORD_FILE
from pkilab.views.hood.way import Hood, told

_AT_MOST = 5
"""Lists of a series that are written out; more are alike."""
_ENTRIES = 200
"""Entries of a list that are written out."""
_APART = "It makes the lists, and pkilab's records do not learn of it."
_COMPROMISED = {RevocationReason.KEY_COMPROMISE: "keyTime", RevocationReason.CA_COMPROMISE: "CAkeyTime"}


@dataclass(frozen=True, slots=True)
class _Act:
    """What was done: the verb, its arguments in Python and as words of a command, and the lists that came of it."""

    verb: str
    lists: Sequence[RevocationList]
    words: list[str]
    first: list[str]
    given: dict[str, str]


@dataclass(frozen=True, slots=True)
class _CA:
    """By whom: settings, certificate, and whether the key asks for a password."""

    settings: CASettings
    issuer: Certificate
    lab: str
    key_encrypted: bool = field(kw_only=True)


def revoke(
    done: Revoked, *, settings: CASettings, issuer: Certificate, key_encrypted: bool = True, lab: str | Path = ""
) -> Hood:
    """Return how a certificate was revoked or put on hold by a CA of these settings and this certificate."""
    found = done.certificate.revocation
    if found is None:
        return lift(done, settings=settings, issuer=issuer, key_encrypted=key_encrypted, lab=lab)
    given = {"reason": python.literal(found.reason.value)}
    words = [f"server revoke {done.number}", shell.option("--reason", found.reason.value)]
    if found.invalid_since is not None:
        since = found.invalid_since.isoformat()
        given["invalid_since"] = f"datetime.fromisoformat({python.literal(since)})"
        words.append(shell.option("--invalid-since", since))
    act = _Act("revoke", done.lists, words, [str(done.number)], given)
    return _told(act, _CA(settings, issuer, str(lab), key_encrypted=key_encrypted))


def lift(
    done: Revoked, *, settings: CASettings, issuer: Certificate, key_encrypted: bool = True, lab: str | Path = ""
) -> Hood:
    """Return how a hold was lifted."""
    act = _Act("lift", done.lists, [f"server lift {done.number}"], [str(done.number)], {})
    return _told(act, _CA(settings, issuer, str(lab), key_encrypted=key_encrypted))


def publish(
    done: Published, *, settings: CASettings, issuer: Certificate, key_encrypted: bool = True, lab: str | Path = ""
) -> Hood:
    """Return how revocation lists were signed, the current one and those ahead of their time."""
    ahead = str(len(done.lists) - 1)
    act = _Act("publish_crl", done.lists, [f"server publish-crl --ahead {ahead}"], [], {"ahead": ahead})
    return _told(act, _CA(settings, issuer, str(lab), key_encrypted=key_encrypted))


def _told(act: _Act, ca: _CA) -> Hood:
    settings = ca.settings
    opened = {"password": python.prompt(f"Password of {settings.root}.key")} if ca.key_encrypted else {}
    needed = f"{PASSWORD_FILE} is a file of yours, its first line the password; without it you are asked."
    code = [python.call(f"done = ca.{act.verb}", act.given | opened, first=act.first), "print(done)"]
    served = addresses(settings.public_url, settings.instance).crl if settings.public_url else ""
    where = f"The list is served from now on at {served}\n" if served else ""
    words = [*act.words, f"--password-file {PASSWORD_FILE}"] if ca.key_encrypted else act.words
    return told(
        python=python.script(python.SERVER, settings.instance, code, lab=ca.lab),
        pkilab=shell.lines(
            shell.remark(needed) if ca.key_encrypted else "", shell.pkilab(settings.instance, ca.lab, *words)
        ),
        openssl=_lists(act.lists, settings, ca.issuer, key_encrypted=ca.key_encrypted),
        wire=f"Nothing: lists are signed where the CA's private key is, and never over the network.\n{where}",
    )


def _lists(lists: Sequence[RevocationList], settings: CASettings, issuer: Certificate, *, key_encrypted: bool) -> str:
    if refused := openssl.cannot(issuer.key):
        return shell.lines(shell.remark(refused))
    from pkilab.x509 import crl  # loading it costs more than all other views

    entries = crl.entries(lists[0].der)
    rows = [_row(each, issuer) for each in entries[:_ENTRIES]]
    configuration = "\n".join(
        [
            "[ca]",
            "default_ca = lists",
            "[lists]",
            "database = index.txt",
            "crlnumber = crlnumber.txt",
            f"default_md = {openssl.digest(issuer.key).removeprefix('-') or 'default'}",
            "crl_extensions = wanted",
            "[wanted]",
            "authorityKeyIdentifier = keyid:always",
        ]
    )
    needed = [f"The first line of {PASSWORD_FILE} is the password of {settings.root}.key."] if key_encrypted else []
    left = len(entries) - len(rows)
    more = len(lists) - _AT_MOST
    return shell.lines(
        shell.remark(openssl.OVERWRITES, _APART, *needed),
        f"ca={shell.word(settings.directory)}",
        shell.fed("cat > crl.cnf", configuration),
        shell.fed("tr '|' '\\t' > index.txt", "\n".join(rows)) if rows else ": > index.txt",
        shell.remark(f"And {left} more that were revoked before.") if left > 0 else "",
        *(_list(each, settings, key_encrypted=key_encrypted) for each in lists[:_AT_MOST]),
        shell.remark(f"Each of {more} more is signed in the same way.") if more > 0 else "",
    )


def _list(value: RevocationList, settings: CASettings, *, key_encrypted: bool) -> str:
    number = f"{value.number:X}"
    files = f'"$ca/{settings.root}'
    return shell.lines(
        f"echo {number.zfill(len(number) + len(number) % 2)} > crlnumber.txt",
        shell.command(
            f'openssl ca -config crl.cnf -gencrl -cert {files}.cer" -keyfile {files}.key"',
            f"-passin file:{PASSWORD_FILE}" if key_encrypted else "",
            f"-crl_lastupdate {_moment(value.this_update)} -crl_nextupdate {_moment(value.next_update)}",
            f"-out {settings.root}-{value.number}.crl",
        ),
    ).rstrip("\n")


def _row(entry: tuple[int, datetime, RevocationReason, datetime | None], issuer: Certificate) -> str:
    """Return a line of the database of `openssl ca`: that of a revoked certificate.

    When it expires is not in a list, and when the CA does stands there; nor is its subject.
    """
    number, at, reason, since = entry
    why = "" if reason is RevocationReason.UNSPECIFIED else f",{reason.value}"
    if since is not None and reason in _COMPROMISED:
        why = f",{_COMPROMISED[reason]},{_moment(since)}"
    serial = f"{number:X}"
    even = serial.zfill(len(serial) + len(serial) % 2)
    return "|".join(("R", _moment(issuer.not_after), f"{at:%y%m%d%H%M%S}Z{why}", even, "unknown", "/CN=unknown"))


def _moment(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}Z"
