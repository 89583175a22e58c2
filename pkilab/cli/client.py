"""`pkilab client …`: the tasks of those who want a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pkilab.cli import client_uses, passwords, printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command, pages
from pkilab.cli.fields import (
    ALL,
    PAGE,
    PASSWORDS,
    After,
    CommonName,
    Country,
    Limit,
    Locality,
    Node,
    Number,
    Organization,
    OtherRoot,
    PasswordFile,
    Root,
    Search,
    State,
    Unit,
    option,
    subject_of,
)

app = typer.Typer(no_args_is_help=True, help="The CA client: request certificates and fetch them.")

_PORT = 52773
_PATH = "/isc/pki/PKI.CAServer.cls"

Host = Annotated[str, option("--host", "HOST", "The CA server's host name or address.")]
OtherHost = Annotated[str, option("--host", "HOST", "Try this host instead of the one that is configured.")]
Port = Annotated[int, option("--port", "N", "Its port.", default=True)]
WebPath = Annotated[str, option("--path", "PATH", "The path of its SOAP service.", default=True)]
Https = Annotated[bool, option("--https", None, "Speak HTTPS.")]
Trust = Annotated[Path | None, option("--trust", "FILE", "With --https: the certificates to trust, in PEM.")]
TrustFingerprint = Annotated[
    str,
    option(
        "--trust-fingerprint",
        "FP",
        "With --https: trust the one certificate that the server shows, if it has this fingerprint.",
    ),
]
ContactName = Annotated[str, option("--contact-name", "TEXT", "Who answers for this client.")]
ContactPhone = Annotated[str, option("--contact-phone", "TEXT", "Their phone number.")]
ContactEmail = Annotated[str, option("--contact-email", "ADDRESS", "Their mail address; the CA writes to it.")]
San = Annotated[
    list[str] | None,
    option("--san", "NAME", "An alternative name: DNS:…, IP:…, email:… or URI:…; repeat it for more.", "Subject"),
]
Algorithm = Annotated[
    str | None, option("--key-algorithm", "NAME", "Such as rsa-4096 or ec-p256; rsa-2048 unless told.")
]
RenewAlgorithm = Annotated[
    str | None, option("--key-algorithm", "NAME", "Such as rsa-4096 or ec-p256; that of the certificate unless told.")
]
SameKey = Annotated[bool, option("--same-key", None, "Have the key that is in use certified again.")]
NoPassword = Annotated[
    bool, option("--no-password", None, "Leave the private key open, readable by its owner alone.", PASSWORDS)
]
Csr = Annotated[Path | None, option("--csr", "FILE", "Send this request that another tool made, in PEM or DER.")]
Mine = Annotated[bool, option("--mine", None, "Only those of this instance.")]


@command(app, "configure")
def configure(
    call: Call,
    *,
    host: Host,
    contact_name: ContactName,
    port: Port = _PORT,
    path: WebPath = _PATH,
    https: Https = False,
    trust: Trust = None,
    trust_fingerprint: TrustFingerprint = "",
    contact_phone: ContactPhone = "",
    contact_email: ContactEmail = "",
    node: Node = "",
) -> Answer:
    """Say where the CA server is, and who answers for this client. It may be done again at any time."""
    from pkilab.model.contact import Contact

    done = call.named(node=node).client.configure(
        host=host,
        port=port,
        path=path,
        https=https,
        trust=trust,
        trust_fingerprint=trust_fingerprint,
        contact=Contact(contact_name, phone=contact_phone, email=contact_email),
    )
    return Answer.card(done)


@command(app, "test")
def try_connection(
    call: Call,
    *,
    host: OtherHost = "",
    port: Port = _PORT,
    path: WebPath = _PATH,
    https: Https = False,
    trust: Trust = None,
) -> Answer:
    """Ask the CA server for its certificate, and say what was reached. Nothing is saved."""
    if not host and (port, path, https, trust) != (_PORT, _PATH, False, None):
        call.wrong_usage("To try another address, give --host too.")
    done = call.client.test_connection(host=host, port=port, path=path, https=https, trust=trust)
    return Answer.card(done)


@command(app, "submit")
def submit(
    call: Call,
    *,
    root: Root,
    c: Country = "",
    st: State = "",
    l: Locality = "",  # noqa: E741 - the option's name
    o: Organization = "",
    ou: Unit = "",
    cn: CommonName = "",
    san: San = None,
    key_algorithm: Algorithm = None,
    csr: Csr = None,
    password_file: PasswordFile = None,
    no_password: NoPassword = False,
) -> Answer:
    """Make a key pair and a certificate signing request, and send it to the CA server.

    Keep the fingerprints that it prints: the CA's operator will ask for one.
    """
    from pkilab.errors import InvalidField
    from pkilab.model.algorithm import DEFAULT_CLIENT, KeyAlgorithm
    from pkilab.model.names import check_root
    from pkilab.model.san import AlternativeName

    if no_password and password_file is not None:
        call.wrong_usage("--no-password and --password-file exclude each other.")
    client = call.client
    subject = subject_of(c=c, st=st, l=l, o=o, ou=ou, cn=cn)
    names = [AlternativeName.parse(name) for name in san or []]
    if csr is not None:
        if key_algorithm is not None or no_password:
            call.wrong_usage("A request that another tool made brings its own key; give --csr alone.")
        given = passwords.given(passwords.KEY, password_file) if password_file else None
        done = client.submit(root=root, subject=subject, sans=names, password=given, csr=_content(csr))
        return Answer.card(done)
    # All of this is checked before a person is asked to think of a password.
    _ = client.settings
    check_root(root)
    algorithm = KeyAlgorithm.parse(key_algorithm or DEFAULT_CLIENT)
    if subject is None:
        raise InvalidField("Subject", "at least one part of the name is needed; a common name (--cn) is usual.")
    password = _password(root, password_file, open_key=no_password)
    done = client.submit(
        root=root,
        subject=subject,
        sans=names,
        key_algorithm=algorithm,
        password=password.password,
        confirmation=password.confirmation,
    )
    return Answer.card(done)


@command(app, "resubmit")
def resubmit(call: Call, *, root: Root) -> Answer:
    """Send the request that lies under a file root again."""
    done = call.client.resubmit(root=root)
    return Answer.card(done)


@command(app, "renew")
def renew(
    call: Call,
    *,
    root: Root,
    same_key: SameKey = False,
    key_algorithm: RenewAlgorithm = None,
    password_file: PasswordFile = None,
    no_password: NoPassword = False,
) -> Answer:
    """Ask for a new certificate of the same subject and names as the one under a file root.

    A new key is made, unless --same-key says that the one in use is to be certified again. Certificate and key stay
    in use until `pkilab client get` fetches the new one; then the new files take over and the earlier ones are kept.
    """
    from pkilab.model.algorithm import KeyAlgorithm
    from pkilab.model.names import check_root

    client = call.client
    if same_key:
        if key_algorithm is not None or no_password:
            call.wrong_usage("--same-key keeps the key as it is; leave --key-algorithm and --no-password out.")
        done = passwords.opening(
            lambda password: client.renew(root=root, rekey=False, password=password), password_file
        )
        return Answer.card(done)
    if no_password and password_file is not None:
        call.wrong_usage("--no-password and --password-file exclude each other.")
    # All of this is checked before a person is asked to think of a password.
    _ = client.settings
    algorithm = KeyAlgorithm.parse(key_algorithm) if key_algorithm else None
    client.renewable(check_root(root))
    password = _password(root, password_file, open_key=no_password)
    done = client.renew(
        root=root, key_algorithm=algorithm, password=password.password, confirmation=password.confirmation
    )
    return Answer.card(done)


@command(app, "list")
def list_certificates(
    call: Call, *, mine: Mine = False, search: Search = "", after: After = 0, limit: Limit = None
) -> Answer:
    """List the certificates that the CA server issued, in the order of issue."""
    from pkilab.views import tables

    client = call.client
    if call.json and limit is None:
        first = client.certificates(search=search, mine=mine, after=after, limit=ALL)
        rows = pages(first, lambda at: client.certificates(search=search, mine=mine, after=at, limit=ALL))
        return Answer(value=rows, show=lambda: None)
    page = client.certificates(search=search, mine=mine, after=after, limit=PAGE if limit is None else limit)

    def show() -> None:
        printing.table(tables.listed_page(page))
        printing.more(page.after)

    return Answer(value=page.certificates, show=show)


@command(app, "own")
def own(call: Call) -> Answer:
    """Tell what lies in the manager directory, by file root, and whether the CA revoked one of the certificates."""
    from pkilab.views import own as owned

    found = call.client.own()

    def show() -> None:
        printing.table(owned.own_table(found))
        for sentence in owned.notable(found):
            printing.line(sentence)

    return Answer(value=found, show=show)


@command(app, "get")
def get(call: Call, *, number: Number, root: OtherRoot = None) -> Answer:
    """Fetch a certificate, and save it in the manager directory as ROOT.cer. Number 0 is the CA's own."""
    from pkilab.model.names import check_number

    done = call.client.get(check_number(number), root=root)
    return Answer.card(done)


@command(app, "get-ca")
def get_ca(call: Call, *, root: OtherRoot = None) -> Answer:
    """Fetch the CA's certificate and those above it, and save them as ROOT.cer and ROOT-chain.cer."""
    done = call.client.get_ca_certificate(root=root)
    return Answer.card(done)


client_uses.add(app)


def _password(root: str, file: Path | None, *, open_key: bool) -> passwords.Typed:
    """Return the password for the new key; an empty one leaves it open."""
    if open_key:
        return passwords.Typed(password="")
    given = passwords.given(passwords.KEY, file)
    if given is not None:
        return passwords.Typed(password=given)
    question = f"New password for {root}.key (empty leaves the key open)"
    return passwords.typed(passwords.KEY, question, new=True, without="give --no-password")


def _content(path: Path) -> bytes:
    from pkilab.store import files

    return files.read(path)
