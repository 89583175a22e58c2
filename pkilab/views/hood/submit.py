"""Submitting a certificate signing request (C2, C3) in four ways."""

from __future__ import annotations

from pathlib import Path

from pkilab.model.acts import Submitted
from pkilab.model.algorithm import DEFAULT_CLIENT
from pkilab.model.exchange import Exchange
from pkilab.views.hood import openssl, python, shell, wire
from pkilab.views.hood.shell import PASSWORD_FILE
from pkilab.views.hood.way import Hood, told


def submit(done: Submitted, *, password: bool, foreign: bool = False, trust: str = "", lab: str | Path = "") -> Hood:
    """Return how a request was made and sent, or only sent, where it is `foreign`: made by another tool.

    `password` tells whether the new private key got one; `trust` is the file that the client trusts over HTTPS.
    """
    return told(
        python=_python(done, str(lab), password=password, foreign=foreign),
        pkilab=_commands(done, str(lab), password=password, foreign=foreign),
        openssl=_openssl(done, trust, password=password, foreign=foreign),
        wire=wire.text(done.exchange),
    )


def resubmit(done: Submitted, *, trust: str = "", lab: str | Path = "") -> Hood:
    """Return how the request that lies under a file root was sent again."""
    act = [f"sent = client.resubmit(root={python.literal(done.root)})", "print(sent)"]
    command = shell.pkilab(done.name.instance, str(lab), "client resubmit", shell.option("--root", done.root))
    return told(
        python=python.script(python.CLIENT, done.name.instance, act, lab=str(lab)),
        pkilab=shell.lines(command),
        openssl=_openssl(done, trust, password=False, foreign=True),
        wire=wire.text(done.exchange),
    )


def renew(
    done: Submitted,
    *,
    same_key: bool,
    password: bool,
    other_algorithm: bool = False,
    trust: str = "",
    lab: str | Path = "",
) -> Hood:
    """Return how a certificate was asked for anew (X3): for a new key, or for the `same_key`.

    `password` tells whether a password was given: the new key's, or the one that opens the key in use.
    `other_algorithm` tells that the new key's was chosen.
    """
    given = {"root": python.literal(done.root)}
    words = ["client renew", shell.option("--root", done.root)]
    if same_key:
        given["rekey"] = "False"
        words.append("--same-key")
    elif other_algorithm:
        algorithm = str(openssl.algorithm(done.content.key))
        given["key_algorithm"] = python.literal(algorithm)
        words.append(shell.option("--key-algorithm", algorithm))
    if password:
        given["password"] = python.prompt(f"{'Password' if same_key else 'New password'} of {done.root}.key")
        words.append(f"--password-file {PASSWORD_FILE}")
    elif not same_key:
        words.append("--no-password")
    first_line = f"{PASSWORD_FILE} is a file of yours, its first line the password; without it you are asked."
    act = [python.call("sent = client.renew", given), "print(sent)"]
    instance = done.name.instance
    return told(
        python=python.script(python.CLIENT, instance, act, lab=str(lab)),
        pkilab=shell.lines(shell.remark(first_line) if password else "", shell.pkilab(instance, str(lab), *words)),
        openssl=_renewing(done, trust, password=password)
        if same_key
        else _openssl(done, trust, password=password, foreign=False),
        wire=wire.text(done.exchange),
    )


def _renewing(done: Submitted, trust: str, *, password: bool) -> str:
    """Return the commands that ask for the same again with the key in use, which lies in the manager directory."""
    content, root = done.content, done.root
    if refused := openssl.cannot(content.key):
        return shell.lines(shell.remark(refused))
    extensions = ["subjectAltName = @names"] if content.names else []
    wanted = openssl.configuration(content.subject, extensions, content.names, section="req_extensions")
    key = shell.word(str(done.csr_path.parent / f"{root}.key"))
    opened = f"-passin file:{PASSWORD_FILE}" if password else ""
    needed = [f"The first line of {PASSWORD_FILE} is the private key's password."] if password else []
    making = ["openssl req -new", f"-config {root}.cnf", f"-key {key}", opened, openssl.digest(content.key)]
    return shell.lines(
        shell.remark(openssl.OVERWRITES, *needed),
        shell.fed(f"cat > {root}.cnf", wanted),
        shell.command(" ".join(part for part in making if part), f"-out {root}.csr"),
        f"openssl req -in {root}.csr -outform DER | openssl dgst -sha256 -c",
        _sending(done.exchange, content.pem, f"{root}.csr", trust),
    )


def _python(done: Submitted, lab: str, *, password: bool, foreign: bool) -> str:
    given = {"root": python.literal(done.root)}
    if foreign:
        given["csr"] = f"Path({python.literal(done.csr_path.name)}).read_bytes()"
    else:
        given["subject"] = python.subject(done.content.subject)
        if done.content.names:
            given["sans"] = python.literal(done.content.names)
        given["key_algorithm"] = python.literal(str(openssl.algorithm(done.content.key)))
        if password:
            given["password"] = python.prompt(f"New password for {done.root}.key")
    act = [python.call("sent = client.submit", given), "print(sent)"]
    return python.script(python.CLIENT, done.name.instance, act, names=[] if foreign else ["DN"], lab=lab)


def _commands(done: Submitted, lab: str, *, password: bool, foreign: bool) -> str:
    words = ["client submit", shell.option("--root", done.root)]
    if foreign:
        words.append(shell.option("--csr", done.csr_path.name))
        return shell.lines(shell.pkilab(done.name.instance, lab, *words))
    algorithm = openssl.algorithm(done.content.key)
    words += shell.options(
        [(f"--{kind.lower()}", text) for relative in done.content.subject for kind, text in relative]
    )
    words += shell.options([("--san", name) for name in done.content.names])
    words += shell.options([("--key-algorithm", "" if algorithm is DEFAULT_CLIENT else str(algorithm))])
    words.append(f"--password-file {PASSWORD_FILE}" if password else "--no-password")
    first_line = f"{PASSWORD_FILE} is a file of yours, its first line the password; without it you are asked."
    return shell.lines(shell.remark(first_line) if password else "", shell.pkilab(done.name.instance, lab, *words))


def _openssl(done: Submitted, trust: str, *, password: bool, foreign: bool) -> str:
    content, root = done.content, done.root
    look = [
        f"openssl req -in {root}.csr -outform DER | openssl dgst -sha256 -c",
        _sending(done.exchange, content.pem, f"{root}.csr", trust),
    ]
    if refused := openssl.cannot(content.key):
        return shell.lines(shell.remark(refused), look[-1] if foreign else "")
    if foreign:
        return shell.lines(f"openssl req -in {root}.csr -noout -verify -subject", *look)
    extensions = ["subjectAltName = @names"] if content.names else []
    wanted = openssl.configuration(content.subject, extensions, content.names, section="req_extensions")
    opened = f"-passin file:{PASSWORD_FILE}" if password else ""
    needed = [f"The first line of {PASSWORD_FILE} is the private key's new password."] if password else []
    making = ["openssl req -new", f"-config {root}.cnf", f"-key {root}.key", opened, openssl.digest(content.key)]
    return shell.lines(
        shell.remark(openssl.OVERWRITES, *needed),
        openssl.new_key(content.key, f"{root}.key", password=password),
        shell.fed(f"cat > {root}.cnf", wanted),
        shell.command(" ".join(part for part in making if part), f"-out {root}.csr"),
        *look,
    )


def _sending(exchange: Exchange | None, pem: str, path: str, trust: str) -> str:
    """Return the command that sends what lies in the file `path` in the message that was sent."""
    if exchange is None:
        return ""
    message = exchange.request.decode("utf-8", "replace")
    before, found, after = message.partition(pem.rstrip("\n"))
    if not found:
        return shell.remark("How the request is sent stands under “On the wire”.")
    body = shell.expanding(before) + f"$(cat {path})" + shell.expanding(after)
    return f"{wire.curl(exchange, trust)} <<END\n{body.rstrip()}\nEND"
