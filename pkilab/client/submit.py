"""Making a key pair and a CSR, sending it, and sending it again (C2, C3)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pkilab.client import belonging, renew
from pkilab.client.site import ClientSite
from pkilab.errors import NotACAServer, NothingToSend, Refused, Unreachable
from pkilab.model.acts import Submitted
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN, slash_form
from pkilab.model.names import RequestName, check_root
from pkilab.model.password import agreed
from pkilab.model.request import SigningRequest, Submission
from pkilab.model.san import AlternativeName
from pkilab.model.settings import ClientSettings
from pkilab.store import files
from pkilab.store.files import NewFile
from pkilab.x509 import csr, keys


def make(
    site: ClientSite,
    *,
    root: str,
    subject: DN,
    sans: Iterable[AlternativeName | str],
    algorithm: KeyAlgorithm,
    password: str | None,
    confirmation: str | None,
) -> tuple[SigningRequest, tuple[Path, ...]]:
    """Write a new key pair and its CSR as `<root>.key` and `<root>.csr`; return the CSR and what was kept aside.

    Raises:
        InvalidField, PasswordsDiffer: a value breaks its rule.
        FileInUse, CannotWrite: nothing was written.
    """
    name = check_root(root)
    agreed(password or "", confirmation)
    names = [san if isinstance(san, AlternativeName) else AlternativeName.parse(san) for san in sans]
    key_path, csr_path = site.file(name, ".key"), site.file(name, ".csr")
    key = keys.generate(algorithm)
    request = csr.build(key, subject, list(dict.fromkeys(names)))
    new = [
        NewFile(key_path, keys.dump(key, password or None), 0o600),
        NewFile(csr_path, request.pem.encode(), 0o644),
    ]
    with site.establish():
        return request, files.lay_down(new, field="Manager directory") + renew.put_off(site, name)


def keep(site: ClientSite, *, root: str, foreign: bytes | str) -> tuple[SigningRequest, tuple[Path, ...]]:
    """Write a CSR that another tool made as `<root>.csr`; return it and what was kept aside.

    Raises:
        InvalidCSR, WeakKey: it cannot be used.
        InvalidField, FileInUse, CannotWrite: nothing was written.
    """
    name = check_root(root)
    path, key_path = site.file(name, ".csr"), site.file(name, ".key")
    request = csr.read(foreign)
    if files.read_optional(path) == request.pem.encode():
        return request, ()
    with site.establish():
        of_another = belonging.public_key(key_path) not in {None, request.key.sha256}
        aside = (files.set_aside(key_path, field="Manager directory"),) if of_another else ()
        laid = files.lay_down([NewFile(path, request.pem.encode(), 0o644)], field="Manager directory")
        return request, aside + laid + renew.put_off(site, name)


def stored(site: ClientSite, root: str) -> SigningRequest:
    """Return the CSR that lies under a file root: that of a renewal, if one was begun.

    Raises:
        NothingToSend: there is none.
        InvalidCSR: the file holds none.
    """
    name = check_root(root)
    renewed = renew.begun(site, name)
    if renewed is not None:
        return renewed
    path = site.manager / f"{name}.csr"
    data = files.read_optional(path)
    if data is None:
        raise NothingToSend(path)
    return csr.read(data)


def send(
    site: ClientSite, settings: ClientSettings, root: str, request: SigningRequest, set_aside: tuple[Path, ...]
) -> Submitted:
    """Send a CSR that lies under a file root, and return what the server answered.

    Raises:
        Unreachable, NotACAServer, Refused: with a note that key and CSR stay, and how to send them again.
    """
    root = check_root(root)
    name = RequestName(site.node, site.instance, root)
    submission = Submission(name=name, csr=request.pem, contact=settings.contact, subject=slash_form(request.subject))
    from pkilab.client.service import Service  # HTTP and SOAP: loaded where a server is asked

    service = Service(settings)
    try:
        answer = service.submit(submission)
    except (Unreachable, NotACAServer, Refused) as error:
        error.add_note(f"Key and request stay in {site.manager}; resubmit it to send the same again.")
        raise
    renewal = renew.begun(site, root) == request
    key_path = site.manager / f"{root}{renew.KEY if renewal else '.key'}"
    if renewal and not key_path.exists():
        key_path = site.manager / f"{root}.key"
    return Submitted(
        name=name,
        content=request,
        answer=answer,
        key_path=key_path if key_path.exists() else None,
        csr_path=site.manager / f"{root}{renew.REQUEST if renewal else '.csr'}",
        set_aside=set_aside,
        message=f"{answer} Keep the fingerprints where you can read them out: the CA's operator will ask you for one, "
        f"and must not read it to you. {_next(root, has_key=key_path.exists(), renewal=renewal)}",
        exchange=service.exchange,
    )


def _next(root: str, *, has_key: bool, renewal: bool) -> str:
    if renewal:
        return f"{root}.cer and its key stay in use until the new certificate is fetched; then the new ones take over."
    return f"Move {'key and request' if has_key else 'the request'} to encrypted removable media."
