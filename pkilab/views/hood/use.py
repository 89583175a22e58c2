"""Certificates put to use (C7) in four ways: exporting, signing, checking; and for XML what `openssl` cannot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pkilab.model.certificate import Certificate
from pkilab.views.hood import openssl, python, shell
from pkilab.views.hood.shell import PASSWORD_FILE
from pkilab.views.hood.way import Hood, told

_CONTAINER_FILE = "password-pkcs12.txt"
_NOTHING = "Nothing: it is done where the key is, and nothing goes over the network.\n"
_CHECKED = "Nothing: a signature is checked with what is here, and nobody is asked.\n"
_NO_XML = "Nothing: openssl knows no XML. The program xmlsec1 does, and reads what pkilab made."
_FIRST_LINE = f"{PASSWORD_FILE} is a file of yours, its first line the private key's password."


def export(
    root: str,
    *,
    instance: str,
    manager: Path,
    certificate: Certificate,
    above: Sequence[Certificate],
    encrypted: bool,
    legacy: bool = False,
    lab: str | Path = "",
) -> Hood:
    """Return how key, certificate and chain of a file root were put into a PKCS#12 file, called `<root>.p12`.

    `above` are the issuers as far as they are known; `encrypted` tells whether the key asks for a password.
    """
    given = {"pkcs12": python.literal(f"{root}.p12")}
    words = ["client export", shell.option("--root", root), f"--pkcs12 {root}.p12"]
    if encrypted:
        given["password"] = python.prompt(f"Password of {root}.key")
        words.append(f"--password-file {PASSWORD_FILE}")
    given["container_password"] = python.prompt(f"New password of {root}.p12")
    words.append(f"--pkcs12-password-file {_CONTAINER_FILE}")
    if legacy:
        given["legacy"] = "True"
        words.append("--legacy")
    needed = shell.remark(
        *([_FIRST_LINE] if encrypted else []), f"The first line of {_CONTAINER_FILE} is the PKCS#12 file's password."
    )
    act = [python.call("done = client.export", given, first=[python.literal(root)]), "print(done)"]
    return told(
        python=python.script(python.CLIENT, instance, act, lab=str(lab)),
        pkilab=shell.lines(needed, shell.pkilab(instance, str(lab), *words)),
        openssl=_container(root, manager, certificate, above, needed, encrypted=encrypted, legacy=legacy),
        wire=_NOTHING,
    )


def _container(
    root: str,
    manager: Path,
    certificate: Certificate,
    above: Sequence[Certificate],
    needed: str,
    *,
    encrypted: bool,
    legacy: bool,
) -> str:
    if refused := openssl.cannot(certificate.key):
        return shell.lines(shell.remark(refused))
    sealed = (
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -iter 2048"
        if legacy
        else "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -iter 600000"
    )
    return shell.lines(
        needed,
        f"mgr={shell.word(str(manager))}",
        shell.fed("cat > above.pem", "".join(each.pem for each in above)) if above else "",
        "umask 077",
        shell.command(
            f'openssl pkcs12 -export -inkey "$mgr/{root}.key"',
            f"-passin file:{PASSWORD_FILE}" if encrypted else "",
            f'-in "$mgr/{root}.cer"',
            "-certfile above.pem" if above else "",
            f"-name {root}",
            sealed,
            f"-passout file:{_CONTAINER_FILE} -out {root}.p12",
        ),
    )


def export_chain(root: str, *, instance: str, certificates: Sequence[Certificate], lab: str | Path = "") -> Hood:
    """Return how a certificate and its issuers without the root were written, as servers want them."""
    file = f"{root}-chain.pem"
    act = [
        python.call("done = client.export", {"chain": python.literal(file)}, first=[python.literal(root)]),
        "print(done)",
    ]
    return told(
        python=python.script(python.CLIENT, instance, act, lab=str(lab)),
        pkilab=shell.lines(
            shell.pkilab(instance, str(lab), "client export", shell.option("--root", root), f"--chain {file}")
        ),
        openssl=shell.lines(
            shell.remark("openssl looks for no issuers: one puts them together, each below its issuer."),
            shell.fed(f"cat > {file}", "".join(each.pem for each in certificates)),
        ),
        wire=_NOTHING,
    )


def export_trust(*, instance: str, roots: str, lab: str | Path = "") -> Hood:
    """Return how the roots to trust were written; `roots` in PEM."""
    act = ['done = client.export(trust="trust.pem")', "print(done)"]
    return told(
        python=python.script(python.CLIENT, instance, act, lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(instance, str(lab), "client export --trust trust.pem")),
        openssl=shell.lines(
            shell.remark("openssl keeps no roots of yours: one writes down whom one trusts."),
            shell.fed("cat > trust.pem", roots),
        ),
        wire=_NOTHING,
    )


def tls(
    root: str,
    *,
    instance: str,
    manager: Path,
    certificate: Certificate,
    name: str,
    above: Sequence[Certificate],
    encrypted: bool,
    lab: str | Path = "",
) -> Hood:
    """Return how a TLS server and a client with a file root's certificate met as `name`; `above` are its issuers."""
    given, words = {}, ["client try-tls", shell.option("--root", root)]
    if encrypted:
        given["password"] = python.prompt(f"Password of {root}.key")
        words.append(f"--password-file {PASSWORD_FILE}")
    needed = shell.remark(_FIRST_LINE) if encrypted else ""
    act = [python.call("done = client.try_tls", given, first=[python.literal(root)]), "print(done)"]
    return told(
        python=python.script(python.CLIENT, instance, act, lab=str(lab)),
        pkilab=shell.lines(needed, shell.pkilab(instance, str(lab), *words)),
        openssl=_meeting(root, manager, certificate, name=name, above=above, needed=needed, encrypted=encrypted),
        wire="Nothing: server and client meet in memory. What they say to each other openssl s_client -msg shows.\n",
    )


def _meeting(
    root: str,
    manager: Path,
    certificate: Certificate,
    *,
    name: str,
    above: Sequence[Certificate],
    needed: str,
    encrypted: bool,
) -> str:
    if refused := openssl.cannot(certificate.key):
        return shell.lines(shell.remark(refused))
    own = (
        f'-cert "$mgr/{root}.cer" -key "$mgr/{root}.key"',
        f"-pass file:{PASSWORD_FILE}" if encrypted else "",
        "-cert_chain above.pem -CAfile above.pem",
        "-verify_return_error",
    )
    host = ":" not in name and not name.replace(".", "").isdigit()
    return shell.lines(
        needed,
        f"mgr={shell.word(str(manager))}",
        shell.fed("cat > above.pem", "".join(each.pem for each in above)),
        shell.command("openssl s_server -unix tls.sock", *own, "-Verify 5 -naccept 1 -quiet &"),
        "while [ ! -S tls.sock ]; do sleep 0.1; done",
        shell.command(
            "openssl s_client -unix tls.sock",
            *own,
            f"-servername {name} -verify_hostname {name}" if host else f"-verify_ip {name}",
            "</dev/null",
        ),
    )


def sign(
    name: str,
    root: str,
    *,
    instance: str,
    manager: Path,
    certificate: Certificate,
    above: Sequence[Certificate] = (),
    encrypted: bool,
    xml: bool = False,
    lab: str | Path = "",
) -> Hood:
    """Return how a file, or an XML document, of this name in the current folder was signed with a file root's key."""
    verb = "sign-xml" if xml else "sign"
    given = {"root": python.literal(root)}
    words = [f"client {verb} {_file(name)}", shell.option("--root", root)]
    if encrypted:
        given["password"] = python.prompt(f"Password of {root}.key")
        words.append(f"--password-file {PASSWORD_FILE}")
    call = python.call(f"done = client.{verb.replace('-', '_')}", given, first=[python.literal(name)])
    needed = shell.remark(_FIRST_LINE) if encrypted else ""
    return told(
        python=python.script(python.CLIENT, instance, [call, "print(done)"], lab=str(lab)),
        pkilab=shell.lines(needed, shell.pkilab(instance, str(lab), *words)),
        openssl=shell.lines(shell.remark(_NO_XML))
        if xml
        else _signing(
            name, root, manager=manager, certificate=certificate, above=above, needed=needed, encrypted=encrypted
        ),
        wire=_NOTHING,
    )


def _signing(
    name: str,
    root: str,
    *,
    manager: Path,
    certificate: Certificate,
    above: Sequence[Certificate],
    needed: str,
    encrypted: bool,
) -> str:
    return shell.lines(
        needed,
        f"mgr={shell.word(str(manager))}",
        shell.fed("cat > above.pem", "".join(each.pem for each in above)) if above else "",
        shell.command(
            f"openssl cms -sign -binary -in {_file(name)}",
            f'-signer "$mgr/{root}.cer" -inkey "$mgr/{root}.key"',
            f"-passin file:{PASSWORD_FILE}" if encrypted else "",
            "-certfile above.pem" if above else "",
            openssl.digest(certificate.key).replace("-", "-md ", 1),
            f"-outform DER -out {_file(f'{name}.p7s')}",
        ),
    )


def check(name: str, *, instance: str, roots: str, xml: bool = False, lab: str | Path = "") -> Hood:
    """Return how the signature of a file of this name was checked, trusting `roots` (PEM); `xml`: a document's."""
    verb = "verify-xml" if xml else "verify-signature"
    call = f"done = client.{verb.replace('-', '_')}({python.literal(name)})"
    signature = _file(f"{name}.p7s")
    return told(
        python=python.script(python.CLIENT, instance, [call, "print(done)"], lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(instance, str(lab), f"client {verb} {_file(name)}")),
        openssl=shell.lines(shell.remark(_NO_XML))
        if xml
        else shell.lines(
            shell.fed("cat > trust.pem", roots),
            shell.command(
                f"openssl cms -verify -binary -inform DER -in {signature}",
                f"-content {_file(name)} -purpose any",
                "-no-CApath -no-CAstore -CAfile trust.pem -out /dev/null",
            ),
        ),
        wire=_CHECKED,
    )


def encrypt(name: str, recipient: str, *, instance: str, element: str = "", lab: str | Path = "") -> Hood:
    """Return how an XML document was encrypted for a file root, or for a certificate's file."""
    given = {"recipient": python.literal(recipient)}
    words = [f"client encrypt-xml {_file(name)}", shell.option("--for", recipient)]
    if element:
        given["element"] = python.literal(element)
        words.append(shell.option("--element", element))
    call = python.call("done = client.encrypt_xml", given, first=[python.literal(name)])
    return told(
        python=python.script(python.CLIENT, instance, [call, "print(done)"], lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(instance, str(lab), *words)),
        openssl=shell.lines(shell.remark(_NO_XML)),
        wire=_NOTHING,
    )


def decrypt(name: str, root: str, *, instance: str, encrypted: bool, lab: str | Path = "") -> Hood:
    """Return how an XML document was opened with a file root's key."""
    given = {"root": python.literal(root)}
    words = [f"client decrypt-xml {_file(name)}", shell.option("--root", root)]
    if encrypted:
        given["password"] = python.prompt(f"Password of {root}.key")
        words.append(f"--password-file {PASSWORD_FILE}")
    call = python.call("done = client.decrypt_xml", given, first=[python.literal(name)])
    return told(
        python=python.script(python.CLIENT, instance, [call, "print(done)"], lab=str(lab)),
        pkilab=shell.lines(shell.remark(_FIRST_LINE) if encrypted else "", shell.pkilab(instance, str(lab), *words)),
        openssl=shell.lines(shell.remark(_NO_XML)),
        wire=_NOTHING,
    )


def _file(name: str) -> str:
    """Return a file of the current folder as a word, also where its name begins with a dash."""
    return shell.word(f"./{name}" if name.startswith("-") else name)
