"""XML encryption (XML Encryption 1.1): AES in GCM mode, its key under the RSA key of a certificate (RSA-OAEP).

Written is what other programs read: AES-256-GCM, and RSA-OAEP in its first form (`rsa-oaep-mgf1p`), which the
programs of today's distributions know alone. Read is also what they write: the other sizes, CBC, and the second form.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree
from lxml.etree import _Element as Element

from pkilab.documents import tree
from pkilab.documents.tree import DS, XENC
from pkilab.errors import CannotDecrypt, CannotDo, DocumentUnreadable, InvalidField
from pkilab.model.certificate import Certificate
from pkilab.x509.keys import PrivateKey

_XENC11 = "http://www.w3.org/2009/xmlenc11#"
_ELEMENT, _CONTENT = f"{XENC}Element", f"{XENC}Content"
_OAEP, _OAEP_11 = f"{XENC}rsa-oaep-mgf1p", f"{_XENC11}rsa-oaep"
_GCM = {f"{_XENC11}aes{bits}-gcm": bits // 8 for bits in (128, 192, 256)}
_CBC = {f"{XENC}aes{bits}-cbc": bits // 8 for bits in (128, 192, 256)}
_IV, _TAG, _BLOCK = 12, 16, 16
_HASHES: dict[str, hashes.HashAlgorithm] = {
    f"{DS}sha1": hashes.SHA1(),  # noqa: S303 - as the mask of OAEP it is sound, and the first form's default
    f"{XENC}sha256": hashes.SHA256(),
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384(),
    f"{XENC}sha512": hashes.SHA512(),
}
_MASKS: dict[str, hashes.HashAlgorithm] = {
    f"{_XENC11}mgf1sha1": hashes.SHA1(),  # noqa: S303 - as above
    f"{_XENC11}mgf1sha256": hashes.SHA256(),
    f"{_XENC11}mgf1sha384": hashes.SHA384(),
    f"{_XENC11}mgf1sha512": hashes.SHA512(),
}


def encrypt(data: bytes, recipient: Certificate, *, element: str = "", path: Path) -> bytes:
    """Return a document that only the recipient's key opens.

    Without `element` all of it is encrypted; else each element that this ElementPath finds, such as `.//card`.

    Raises:
        DocumentUnreadable: it is no document, or has no such element.
        InvalidField: the path is none.
        CannotDo: the certificate's key cannot encrypt.
    """
    public = x509.load_der_x509_certificate(recipient.der).public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise CannotDo(
            f"Nothing can be encrypted for a key of this kind ({recipient.key.label}): it only signs.",
            "A certificate with an RSA key would do.",
        )
    if recipient.key_usage and not {"keyEncipherment", "dataEncipherment"} & {*recipient.key_usage}:
        raise CannotDo(
            "This certificate is not for encrypting: its key usage has no keyEncipherment.",
            "A certificate for TLS/SSL and XML security with an RSA key would do.",
        )
    root = tree.read(data, path=path)
    for chosen in _chosen(root, element, path):
        root = _replaced(root, chosen, _encrypted(chosen, public, recipient))
    return tree.write(root)


def decrypt(data: bytes, key: PrivateKey, *, path: Path) -> bytes:
    """Return a document with all that was encrypted for this key opened; if it is no XML inside, what was encrypted.

    Raises:
        DocumentUnreadable: it is no document, or nothing in it is encrypted.
        CannotDecrypt: it was encrypted for another key, in a way that is not known here, or was changed.
    """
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CannotDecrypt(path, "only an RSA key opens what was encrypted, and this one only signs")
    root = tree.read(data, path=path)
    found = list(root.iter(f"{{{XENC}}}EncryptedData"))
    if not found:
        raise DocumentUnreadable(path, "nothing in it is encrypted")
    for each in found:
        octets = _opened(each, root, key, path)
        if each.get("Type") not in {_ELEMENT, _CONTENT}:
            if each is root:
                return octets
            raise CannotDecrypt(path, "it says of a part that is no XML that it stands within a document")
        root = _put_back(root, each, octets, path)
    return tree.write(root)


def _chosen(root: Element, element: str, path: Path) -> list[Element]:
    if not element:
        return [root]
    try:
        found = root.findall(element, {name: uri for name, uri in root.nsmap.items() if name})
    except (SyntaxError, ValueError, KeyError):
        raise InvalidField("Element", "give a path to elements, such as .//card or ./person/card.") from None
    # What lies within another one is encrypted with it.
    outermost = [each for each in found if not any(above in found for above in each.iterancestors())]
    if not outermost:
        raise DocumentUnreadable(path, "it has no element at that path")
    return outermost


def _encrypted(plain: Element, public: rsa.RSAPublicKey, recipient: Certificate) -> Element:
    """Return EncryptedData for an element, with its key (XML Encryption 1.1 §3)."""
    secret, iv = AESGCM.generate_key(256), os.urandom(_IV)
    octets = etree.tostring(plain, encoding="UTF-8", xml_declaration=False, with_tail=False)
    wrapped = public.encrypt(secret, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None))  # noqa: S303 - as above
    name = {"xenc": XENC, "ds": DS}
    data = etree.Element(f"{{{XENC}}}EncryptedData", {"Type": _ELEMENT}, nsmap=name)
    etree.SubElement(data, f"{{{XENC}}}EncryptionMethod", Algorithm=f"{_XENC11}aes256-gcm")
    holder = etree.SubElement(etree.SubElement(data, f"{{{DS}}}KeyInfo"), f"{{{XENC}}}EncryptedKey")
    method = etree.SubElement(holder, f"{{{XENC}}}EncryptionMethod", Algorithm=_OAEP)
    etree.SubElement(method, f"{{{DS}}}DigestMethod", Algorithm=f"{DS}sha1")
    about = etree.SubElement(etree.SubElement(holder, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    etree.SubElement(about, f"{{{DS}}}X509Certificate").text = base64.b64encode(recipient.der).decode()
    _add_value(holder, wrapped)
    _add_value(data, iv + AESGCM(secret).encrypt(iv, octets, None))
    return data


def _add_value(parent: Element, octets: bytes) -> None:
    value = etree.SubElement(etree.SubElement(parent, f"{{{XENC}}}CipherData"), f"{{{XENC}}}CipherValue")
    value.text = base64.b64encode(octets).decode()


def _replaced(root: Element, old: Element, new: Element) -> Element:
    """Put an element in another's place, and return the document's root."""
    parent = old.getparent()
    if parent is None:
        return new
    new.tail, old.tail = old.tail, None
    parent.replace(old, new)
    return root


def _opened(data: Element, root: Element, key: rsa.RSAPrivateKey, path: Path) -> bytes:
    """Return what an EncryptedData holds."""
    algorithm = _algorithm(data)
    size = (_GCM | _CBC).get(algorithm)
    if size is None:
        raise CannotDecrypt(path, "it was encrypted with an algorithm that is not known here; AES is")
    within = data.findall(f"{{{DS}}}KeyInfo/{{{XENC}}}EncryptedKey")
    secret = _secret(within or root.iter(f"{{{XENC}}}EncryptedKey"), key, path)
    try:
        if len(secret) != size:
            raise ValueError(size)  # noqa: TRY301 - told as every other failure, so that none can be told apart
        octets = _value(data)
        return _gcm(secret, octets) if algorithm in _GCM else _cbc(secret, octets)
    except (ValueError, InvalidTag):
        raise CannotDecrypt(path, "what is encrypted was changed or cut off") from None


def _secret(holders: Iterable[Element], key: rsa.RSAPrivateKey, path: Path) -> bytes:
    """Return the key of the content, from the first EncryptedKey that is for this key."""
    why = "it names no key, so it was encrypted in a way that is not known here"
    for holder in holders:
        scheme = _scheme(holder)
        if scheme is None:
            why = "its key was encrypted with an algorithm that is not known here; RSA-OAEP is"
            continue
        try:
            return key.decrypt(_value(holder), scheme)
        except ValueError:
            why = "it was encrypted for another key"
    raise CannotDecrypt(path, why)


def _scheme(holder: Element) -> padding.OAEP | None:
    """Return how an EncryptedKey was encrypted; None where that is not known here (§5.5.2)."""
    algorithm = _algorithm(holder)
    if algorithm not in {_OAEP, _OAEP_11}:
        return None
    method = holder.find(f"{{{XENC}}}EncryptionMethod")
    digest, mask, label = (
        method.find(name) if method is not None else None
        for name in (f"{{{DS}}}DigestMethod", f"{{{_XENC11}}}MGF", f"{{{XENC}}}OAEPparams")
    )
    hashed = _HASHES.get(_named(digest, f"{DS}sha1"))
    masked = _MASKS.get(_named(mask, f"{_XENC11}mgf1sha1"))
    if hashed is None or masked is None or (mask is not None and algorithm == _OAEP):
        return None
    try:
        octets = base64.b64decode(label.text or "") if label is not None else None
    except binascii.Error:
        return None
    return padding.OAEP(padding.MGF1(masked), hashed, octets)


def _named(element: Element | None, default: str) -> str:
    return default if element is None else element.get("Algorithm") or default


def _algorithm(holder: Element) -> str:
    return _named(holder.find(f"{{{XENC}}}EncryptionMethod"), "")


def _value(holder: Element) -> bytes:
    return base64.b64decode(holder.findtext(f"{{{XENC}}}CipherData/{{{XENC}}}CipherValue") or "")


def _gcm(secret: bytes, octets: bytes) -> bytes:
    if len(octets) < _IV + _TAG:
        raise ValueError(len(octets))
    return AESGCM(secret).decrypt(octets[:_IV], octets[_IV:], None)


def _cbc(secret: bytes, octets: bytes) -> bytes:
    decryptor = Cipher(AES(secret), CBC(octets[:_BLOCK])).decryptor()
    padded = decryptor.update(octets[_BLOCK:]) + decryptor.finalize()
    if (
        not padded or not 1 <= padded[-1] <= _BLOCK
    ):  # §5.2.1: the last octet counts the padding, the rest may be anything
        raise ValueError(len(octets))
    return padded[: -padded[-1]]


def _put_back(root: Element, data: Element, octets: bytes, path: Path) -> Element:
    """Put what was encrypted where it stood, and return the document's root."""
    parent = data.getparent()
    # What EncryptedData declares ends with it; in scope is what its parent declares (§4.4).
    try:
        wrapper = tree.fragment(octets, {} if parent is None else parent.nsmap, path=path)
    except DocumentUnreadable:
        raise CannotDecrypt(path, "what is encrypted is no XML") from None
    parts = list(wrapper)
    if parent is None:
        if len(parts) != 1:
            raise CannotDecrypt(path, "what is encrypted is no document")
        parts[0].tail = None
        etree.cleanup_namespaces(parts[0])
        return etree.fromstring(etree.tostring(parts[0]))
    at, tail = parent.index(data), data.tail or ""
    parent.remove(data)
    _add_text(parent, at, wrapper.text or "")
    for offset, part in enumerate(parts):
        parent.insert(at + offset, part)
    _add_text(parent, at + len(parts), tail)
    return root


def _add_text(parent: Element, before: int, text: str) -> None:
    """Add text in front of the child at an index."""
    if before == 0:
        parent.text = (parent.text or "") + text
    else:
        parent[before - 1].tail = (parent[before - 1].tail or "") + text
