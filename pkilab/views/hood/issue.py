"""Issuing certificates of verified requests (S10-S12) in four ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pkilab.model.addresses import addresses
from pkilab.model.certificate import Certificate, IssuedCertificate
from pkilab.model.request import Request
from pkilab.model.settings import CASettings, Serials
from pkilab.model.usage import Usage
from pkilab.views.hood import openssl, python, shell
from pkilab.views.hood.shell import PASSWORD_FILE
from pkilab.views.hood.way import Hood, told

_APART = (
    "It verifies nobody: that is done before. It uses up a number of this CA, and pkilab's records do not learn",
    "of the certificate.",
)

_AT_MOST = 5
"""Requests whose verification and commands are written out; more are alike."""

_FILE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def issue(
    done: Sequence[tuple[Request, IssuedCertificate]],
    *,
    settings: CASettings,
    issuer: Certificate,
    key_encrypted: bool = True,
    asked_for: bytes | str = b"",
    lab: str | Path = "",
) -> Hood:
    """Return how one or several requests were verified and issued by a CA of these settings and this certificate.

    Each request is as it stands now, with its verification. `asked_for` is the message by which a client fetches the
    first of them (`soap.operations.encode_get`). Of many, only some are written out.
    """
    return told(
        python=_python(done, settings, str(lab), key_encrypted=key_encrypted),
        pkilab=_commands(done, settings, str(lab), key_encrypted=key_encrypted),
        openssl=_openssl(done, settings, issuer, key_encrypted=key_encrypted),
        wire=_wire(done, asked_for),
    )


def _python(
    done: Sequence[tuple[Request, IssuedCertificate]], settings: CASettings, lab: str, *, key_encrypted: bool
) -> str:
    password = {"password": python.prompt(f"Password of {settings.root}.key")} if key_encrypted else {}
    checks = [(request.id, _verification(request)) for request, _ in done]
    if len(done) == 1:
        ((id_, check),) = checks
        act = [python.call("issued = ca.issue", check | password, first=[str(id_)])]
    else:
        act = [python.call("ca.verify", check, first=[str(id_)]) for id_, check in checks[:_AT_MOST]]
        act += _more(done, "was verified by itself, as these were.")
        numbers = python.literal([request.id for request, _ in done])
        act.append(python.call("issued = ca.issue_many", password, first=[numbers]))
    return python.script(
        python.SERVER, settings.instance, [*act, "print(issued)"], names=["Usage", "Verification"], lab=lab
    )


def _verification(request: Request) -> dict[str, str]:
    """Return the arguments that verify a request as it was verified."""
    found = request.verification
    if found is None:
        return {}
    points = dict.fromkeys(("identity", "authority", "purpose"), "True")
    seen = python.call("Verification", points | {"fingerprint": python.literal(found.fingerprint)}, before=18)
    given = {"usage": f"Usage.{found.usage.name}"}
    if found.usage is Usage.INTERMEDIATE and found.path_length is not None:
        given["path_length"] = str(found.path_length)
    return given | {"verified": seen}


def _commands(
    done: Sequence[tuple[Request, IssuedCertificate]], settings: CASettings, lab: str, *, key_encrypted: bool
) -> str:
    opened = [f"--password-file {PASSWORD_FILE}"] if key_encrypted else []
    needed = f"{PASSWORD_FILE} is a file of yours, its first line the password; without it you are asked."
    remark = shell.remark(needed) if key_encrypted else ""
    if len(done) == 1:
        ((request, _),) = done
        command = shell.pkilab(settings.instance, lab, f"server issue {request.id}", *_points(request), *opened)
        return shell.lines(remark, command)
    each = [
        shell.pkilab(settings.instance, lab, f"server verify {request.id}", *_points(request))
        for request, _ in done[:_AT_MOST]
    ]
    each += _more(done, "was verified by itself, as these were.")
    numbers = " ".join(str(request.id) for request, _ in done)
    return shell.lines(remark, *each, shell.pkilab(settings.instance, lab, f"server issue {numbers}", *opened))


def _points(request: Request) -> list[str]:
    found = request.verification
    if found is None:
        return []
    length = found.path_length if found.usage is Usage.INTERMEDIATE else None
    return [
        *shell.options([("--usage", str(found.usage)), ("--path-length", length)]),
        "--identity-verified --authority-verified --purpose-verified",
        shell.option("--fingerprint", found.fingerprint),
    ]


def _openssl(
    done: Sequence[tuple[Request, IssuedCertificate]],
    settings: CASettings,
    issuer: Certificate,
    *,
    key_encrypted: bool,
) -> str:
    if refused := openssl.cannot(issuer.key, *(request.content.key for request, _ in done)):
        return shell.remark(refused) + "\n"
    needed = [f"The first line of {PASSWORD_FILE} is the password of {settings.root}.key."] if key_encrypted else []
    names = Counter(request.root for request, _ in done)
    blocks = [
        _certify(request, issued, settings, issuer, file=_file(request, names), key_encrypted=key_encrypted)
        for request, issued in done[:_AT_MOST]
    ]
    blocks += _more(done, "is certified in the same way.")
    return shell.lines(
        shell.remark(openssl.OVERWRITES, *_APART, *needed),
        f"ca={shell.word(settings.directory)}",
        *blocks,
    )


def _more(done: Sequence[object], what: str) -> list[str]:
    """Return the remark on those that are not written out."""
    left = len(done) - _AT_MOST
    return [shell.remark(f"Each of {left} more {what}")] if left > 0 else []


def _file(request: Request, names: Counter[str]) -> str:
    """Return the common part of a request's files: its file root, where that is one and no other has it."""
    if _FILE.fullmatch(request.root) and names[request.root] == 1:
        return request.root
    return f"request-{request.id}"


def _certify(
    request: Request,
    issued: IssuedCertificate,
    settings: CASettings,
    issuer: Certificate,
    *,
    file: str,
    key_encrypted: bool,
) -> str:
    certificate = issued.certificate
    days, remark = settings.issued_days, ""
    if issued.shortened:
        days = (certificate.not_after - issued.issued_at).days
        remark = shell.remark("openssl lets a certificate outlive its CA; so many whole days are left.")
    files = f'"$ca/{settings.root}'
    counted = settings.serials is Serials.COUNTER
    number = f'-CAserial {files}.srl"' if counted else '-set_serial "0x$(openssl rand -hex 15)"'
    signing = [openssl.digest(issuer.key), f"-days {days}", number]
    return shell.lines(
        shell.fed(f"cat > {file}.csr", request.content.pem),
        shell.fed(f"cat > {file}.ext", "\n".join(_extensions(request, certificate, settings, issuer))),
        remark,
        shell.command(
            f"openssl x509 -req -in {file}.csr",
            f'-CA {files}.cer" -CAkey {files}.key"',
            f"-passin file:{PASSWORD_FILE}" if key_encrypted else "",
            " ".join(part for part in signing if part),
            f"-extfile {file}.ext -out {file}.cer",
        ),
    ).rstrip("\n")


def _extensions(request: Request, certificate: Certificate, settings: CASettings, issuer: Certificate) -> list[str]:
    found = [*openssl.profile(certificate), "subjectKeyIdentifier = hash"]
    if issuer.subject_key_id:
        found.append("authorityKeyIdentifier = keyid:always")
    else:  # openssl would leave it out
        octets = certificate.authority_key_id.replace(":", "")
        found.append(f"authorityKeyIdentifier = DER:30{len(octets) // 2 + 2:02X}80{len(octets) // 2:02X}{octets}")
    found += _places(certificate, settings)
    if not certificate.names:
        return found
    critical = "" if request.content.subject else "critical, "
    if all(name.partition(":")[0] in openssl.KINDS for name in certificate.names):
        return [*found, f"subjectAltName = {critical}@names", *openssl.alternatives(certificate.names)]
    return [*found, f"subjectAltName = {critical}DER:{_as_asked(request)}"]


def _places(certificate: Certificate, settings: CASettings) -> list[str]:
    """Return where its state can be asked for, where the certificate itself says so."""
    if not settings.public_url:
        return []
    where = addresses(settings.public_url, settings.instance)
    if where.crl.encode() not in certificate.der:
        return []
    return [
        f"crlDistributionPoints = URI:{openssl.value(where.crl)}",
        f"authorityInfoAccess = OCSP;URI:{openssl.value(where.ocsp)}, caIssuers;URI:{openssl.value(where.issuer)}",
    ]


def _as_asked(request: Request) -> str:
    """Return the alternative names byte for byte, for kinds that `openssl` has no words for here."""
    from pkilab.x509 import csr  # loading it costs more than all other views

    return csr.alternative_names(request.content).hex().upper()


def _wire(done: Sequence[tuple[Request, IssuedCertificate]], asked_for: bytes | str) -> str:
    asked = asked_for.decode("utf-8", "replace") if isinstance(asked_for, bytes) else asked_for
    number = done[0][1].number if done else 0
    nothing = "Nothing: a certificate is issued where the CA's private key is, and never over the network.\n"
    return f"{nothing}\nBy this message its client fetches certificate {number}:\n\n{asked}" if asked else nothing
