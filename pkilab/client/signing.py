"""Signing and checking files (CMS, detached) and XML documents; encrypting and opening XML documents (C7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pkilab.client import holding
from pkilab.client.site import ClientSite
from pkilab.errors import FileInUse, InvalidField, SignatureRefused
from pkilab.judges import bench
from pkilab.model.certificate import Certificate
from pkilab.model.uses import DocumentMade, FileSigned, SignatureChecked
from pkilab.model.verdict import Judged, Purpose
from pkilab.store import files, pairs
from pkilab.store.files import PRIVATE, PUBLIC, NewFile
from pkilab.store.pairs import Pair
from pkilab.x509 import cms

ENDING = ".p7s"
"""What the name of a file's signature ends with, after the file's own."""


def sign(site: ClientSite, path: Path, *, root: str, password: str | None, to: Path | None) -> FileSigned:
    """Sign a file; see `CAClient.sign`."""
    found, made = signature(site, lambda names: pairs.digests(path, names), root=root, password=password)
    place = to or path.with_name(path.name + ENDING)
    aside = _write(site, place, made, source=path)
    return FileSigned(
        path=path,
        signature_path=place,
        certificate=found.certificate,
        set_aside=aside,
        message=f"{path.name} was signed by {holding.named(found.certificate)}; the signature is {place}. "
        "Give both files away: the signature tells whether the file was changed.",
    )


def signature(
    site: ClientSite, digests: Callable[[Sequence[str]], Mapping[str, bytes]], *, root: str, password: str | None
) -> tuple[Pair, bytes]:
    """Return who signs, and the signature over what has these digests, which are asked for by name; raises as `sign`.

    The key is looked at before anything is read.
    """
    found = holding.signing_pair(site, root, password)
    digest = cms.digest_for(found.key)
    octets = digests([digest])[digest]
    return found, cms.sign(octets, found.key, found.certificate, found.above, now=site.clock())


def check(site: ClientSite, path: Path, *, signature: Path | None, trust: str | Path | None) -> SignatureChecked:
    """Check a file's signature and who signed; see `CAClient.verify_signature`."""
    roots = holding.roots(site, trust)
    place = signature or path.with_name(path.name + ENDING)
    return checked(site, path, lambda names: pairs.digests(path, names), files.read(place), place=place, roots=roots)


def checked(
    site: ClientSite,
    path: Path,
    digests: Callable[[Sequence[str]], Mapping[str, bytes]],
    signature: bytes,
    *,
    place: Path,
    roots: Sequence[Certificate],
) -> SignatureChecked:
    """Return whose signature it is over what has these digests; `path` and `place` are their names. See `check`."""
    known = pairs.beside(site.manager)
    signed = cms.read(signature, path=place, known=known)
    cms.check(signed, digests(cms.DIGESTS), path=path)
    between = (*signed.certificates, *known)
    judged = tuple(_judge(site, path, signer.certificate, between, roots) for signer in signed.signers)
    return SignatureChecked(path=path, signature_path=place, signers=judged, message=_held(path, judged))


def sign_xml(site: ClientSite, path: Path, *, root: str, password: str | None, to: Path | None) -> DocumentMade:
    """Sign an XML document; see `CAClient.sign_xml`."""
    from pkilab.documents import signature

    found = holding.signing_pair(site, root, password)
    made = signature.sign(files.read(path), found.key, found.certificate, found.above, path=path)
    who = holding.named(found.certificate)
    return _document(site, path, to, made, word="signed", told=f"{path.name} was signed by {who}")


def check_xml(site: ClientSite, path: Path, *, trust: str | Path | None) -> SignatureChecked:
    """Check an XML document's signature and who signed; see `CAClient.verify_xml`."""
    return checked_xml(site, path, files.read(path), roots=holding.roots(site, trust))


def checked_xml(site: ClientSite, path: Path, data: bytes, *, roots: Sequence[Certificate]) -> SignatureChecked:
    """Return whose signature is in the octets of a document, whose name is `path`; see `check_xml`."""
    from pkilab.documents import signature

    found = signature.verify(data, path=path)
    judged = _judge(site, path, found.certificate, (*found.others, *pairs.beside(site.manager)), roots)
    return SignatureChecked(
        path=path,
        signature_path=None,
        signers=(judged,),
        message=_held(path, (judged,)),
        content=found.content,
    )


def encrypt_xml(site: ClientSite, path: Path, *, whom: str | Path, element: str, to: Path | None) -> DocumentMade:
    """Encrypt an XML document; see `CAClient.encrypt_xml`."""
    from pkilab.documents import encryption

    recipient = holding.recipient(site, whom)
    made = encryption.encrypt(files.read(path), recipient, element=element, path=path)
    who = holding.named(recipient)
    return _document(site, path, to, made, word="encrypted", told=f"{path.name} was encrypted for {who}")


def decrypt_xml(site: ClientSite, path: Path, *, root: str, password: str | None, to: Path | None) -> DocumentMade:
    """Open an encrypted XML document; see `CAClient.decrypt_xml`."""
    from pkilab.documents import encryption

    found = holding.pair(site, root, password)
    made = encryption.decrypt(files.read(path), found.key, path=path)
    return _document(site, path, to, made, word="decrypted", told=f"{path.name} was decrypted", mode=PRIVATE)


def _judge(
    site: ClientSite, path: Path, signer: Certificate, between: Sequence[Certificate], roots: Sequence[Certificate]
) -> Judged:
    """Return the verdicts on a signer whom somebody trusted vouches for now.

    Raises:
        SignatureRefused: nobody does, or the certificate is not for signing.
    """
    if not holding.may_sign(signer):
        raise SignatureRefused(path, f"the certificate of {holding.named(signer)} is not for signing")
    judged = bench.verify(signer, between, roots, purpose=Purpose.ANY, at=site.clock())
    if not judged.accepted:
        refused = [each for each in judged.verdicts if each.accepted is False]
        reasons = "; ".join(dict.fromkeys(f"{each.judge}: {each.reason}" for each in refused or judged.verdicts))
        raise SignatureRefused(path, f"it is by {holding.named(signer)}, whose certificate is not accepted ({reasons})")
    return judged


def _held(path: Path, judged: Sequence[Judged]) -> str:
    who = holding.together([holding.named(each.certificate) for each in judged])
    judges = holding.together([each.judge for each in judged[0].verdicts if each.accepted])
    return f"{path.name} is unchanged since it was signed by {who}, whose certificate is accepted by {judges}."


def _document(
    site: ClientSite, path: Path, to: Path | None, made: bytes, *, word: str, told: str, mode: int = PUBLIC
) -> DocumentMade:
    place = to or path.with_name(f"{path.stem}-{word}{path.suffix}")
    aside = _write(site, place, made, source=path, mode=mode)
    return DocumentMade(path=path, made_path=place, set_aside=aside, message=f"{told}, as {place}.")


def _write(site: ClientSite, place: Path, data: bytes, *, source: Path, mode: int = PUBLIC) -> tuple[Path, ...]:
    """Write a file beside what is there, and return what was kept aside."""
    if place.resolve() in site.own_files():
        raise FileInUse(place)
    if place.resolve() == source.resolve():
        raise InvalidField("Output", "name another file than the one that is read.")
    return files.lay_down([NewFile(place, data, mode)], field="Output")
