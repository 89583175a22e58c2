"""Verifying a chain (X5) in four ways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pkilab.model.certificate import Certificate
from pkilab.model.request import pem
from pkilab.model.verdict import Judged, Purpose
from pkilab.views.hood import openssl, python, shell
from pkilab.views.hood.way import Hood, told

_PURPOSES = {Purpose.TLS_SERVER: "sslserver", Purpose.TLS_CLIENT: "sslclient"}


def verify(
    done: Judged,
    *,
    between: Sequence[Certificate] = (),
    roots: Sequence[Certificate],
    crls: Sequence[bytes] = (),
    lab: str | Path = "",
) -> Hood:
    """Return how a certificate was judged: with what came along, whom to trust, and revocation lists in DER.

    The commands end with another code than 0 where it is not accepted.
    """
    files = {
        "certificate.pem": done.certificate.pem,
        "between.pem": "".join(each.pem for each in between),
        "trust.pem": "".join(each.pem for each in roots),
        "lists.pem": "".join(pem("X509 CRL", each) for each in crls),
    }
    there = {name: text for name, text in files.items() if text}
    laid = [shell.fed(f"cat > {name}", text) for name, text in there.items()]
    at = done.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    words = [
        "pkilab",
        shell.option("--lab", str(lab)) if lab else "",
        "verify certificate.pem",
        "between.pem" if between else "",
        f"--trust trust.pem --purpose {done.purpose}",
        *shell.options([("--name", done.name), ("--at", at)]),
        "--crl lists.pem" if crls else "",
    ]
    return told(
        python=_python(done, there, str(lab)),
        pkilab=shell.lines(*laid, shell.command(*words)),
        openssl=_openssl(done, laid, between=bool(between), crls=bool(crls)),
        wire="Nothing: what is judged and whom to trust is here, and nobody is asked.\n",
    )


def _python(done: Judged, there: dict[str, str], lab: str) -> str:
    laid = [f'Path("{name}").write_text("""\\\n{text}""")' for name, text in there.items()]
    given = {"trust": '"trust.pem"', "purpose": python.literal(str(done.purpose))}
    if done.name:
        given["name"] = python.literal(done.name)
    moment = done.at.isoformat(timespec="seconds")
    given["at"] = f"datetime.fromisoformat({python.literal(moment)})"
    if "lists.pem" in there:
        given["crls"] = '["lists.pem"]'
    first = [python.literal(name) for name in ("certificate.pem", "between.pem") if name in there]
    act = [*laid, python.call("judged = lab.verify", given, first=first), "print(judged)"]
    head = ["from datetime import datetime", "from pathlib import Path", "", "from pkilab import Lab", ""]
    return "\n".join([*head, f"lab = Lab({python.literal(lab) if lab else ''})", *act, ""])


def _openssl(done: Judged, laid: Sequence[str], *, between: bool, crls: bool) -> str:
    if refused := openssl.cannot(done.certificate.key):
        return shell.lines(shell.remark(refused))
    named = ""
    if done.name:
        kind = "-verify_ip" if ":" in done.name or done.name.replace(".", "").isdigit() else "-verify_hostname"
        named = shell.option(kind, done.name)
    purpose = _PURPOSES.get(done.purpose, "")
    lacks = "OpenSSL has a purpose of code signing from 3.2 on; here it looks at the chain alone."
    return shell.lines(
        *laid,
        shell.remark(lacks) if done.purpose is Purpose.CODE_SIGNING else "",
        shell.command(
            "openssl verify -x509_strict -auth_level 2 -check_ss_sig",
            f"-attime {int(done.at.timestamp())}",
            f"-purpose {purpose}" if purpose else "",
            named,
            "-crl_check -CRLfile lists.pem" if crls else "",
            "-untrusted between.pem" if between else "",
            "-no-CAfile -no-CApath -no-CAstore -partial_chain",
            "-trusted trust.pem certificate.pem",
        ),
    )
