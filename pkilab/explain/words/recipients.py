"""Fields of CMS messages for recipients of all kinds, and of rarer contents (RFC 5652 §6.2 and §7, RFC 5083, 3274)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words


def _w(title: str, clause: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, clause if " " in clause else f"RFC 5652 §{clause}", purpose, without, here)


_WRAPPED = "The content's key, encrypted."
_HOW = "How the content's key is encrypted."

RECIPIENTS: dict[str, Words] = {
    "RecipientInfo.kari": _w(
        "Recipient by key agreement",
        "6.2.2",
        "Sender and recipient agree on a key, as with elliptic curves, and with it the content's key is encrypted.",
    ),
    "KeyAgreeRecipientInfo.version": _w("Version", "6.2.2", "Always 3.", here="It is {value}."),
    "KeyAgreeRecipientInfo.originator": _w("Sender's key", "6.2.2", "The sender's half of the key agreement."),
    "OriginatorIdentifierOrKey.issuerAndSerialNumber": _w(
        "Sender", "10.2.4", "The certificate with the sender's key, by its issuer and number."
    ),
    "OriginatorIdentifierOrKey.subjectKeyIdentifier": _w(
        "Sender's key", "6.2.2", "The subject key identifier in the sender's certificate."
    ),
    "OriginatorIdentifierOrKey.originatorKey": _w(
        "Sender's key",
        "6.2.2",
        "A public key that the sender drew for this message only. It says nothing of who the sender is.",
    ),
    "OriginatorPublicKey.algorithm": _w(
        "Kind of key",
        "6.2.2",
        "The kind of the sender's key, on the same curve as the recipient's.",
        here="It is {value}.",
    ),
    "OriginatorPublicKey.publicKey": _w("The key", "6.2.2", "The sender's public key; of a curve a point."),
    "KeyAgreeRecipientInfo.ukm": _w(
        "Keying material",
        "6.2.2",
        "Octets of the sender that are mixed in, so that two messages never have the same key.",
        "Nothing, if the sender's key was drawn for this message.",
    ),
    "KeyAgreeRecipientInfo.keyEncryptionAlgorithm": _w(
        "Algorithm", "6.2.2", "How they agree, and with which cipher the content's key is encrypted then."
    ),
    "KeyAgreeRecipientInfo.recipientEncryptedKeys": _w(
        "Encrypted keys", "6.2.2", "One entry for each recipient who agrees in this way."
    ),
    "RecipientEncryptedKeys.RecipientEncryptedKey": _w(
        "Encrypted key", "6.2.2", "The content's key for one recipient, and who that is."
    ),
    "RecipientEncryptedKey.rid": _w("Whose key", "6.2.2", "It says which recipient's certificate was used."),
    "KeyAgreeRecipientIdentifier.issuerAndSerialNumber": _w(
        "Recipient", "10.2.4", "The recipient's certificate, by its issuer and number."
    ),
    "KeyAgreeRecipientIdentifier.rKeyId": _w("Recipient's key", "6.2.2", "The recipient's key by its identifier."),
    "RecipientKeyIdentifier.subjectKeyIdentifier": _w(
        "Key identifier", "6.2.2", "The subject key identifier in the recipient's certificate."
    ),
    "RecipientKeyIdentifier.date": _w(
        "Date", "6.2.2", "Which of the recipient's keys of this identifier it is.", "There is one only.", "{value}."
    ),
    "RecipientKeyIdentifier.other": _w("More about the key", "6.2.2", "Anything else that helps to find the key."),
    "RecipientEncryptedKey.encryptedKey": _w(
        "Encrypted key", "6.2.2", f"{_WRAPPED} Only with the recipient's private key can the key for it be computed."
    ),
    "RecipientInfo.kekri": _w(
        "Recipient with a shared key", "6.2.3", "The content's key, encrypted with a key that both sides have already."
    ),
    "KEKRecipientInfo.version": _w("Version", "6.2.3", "Always 4.", here="It is {value}."),
    "KEKRecipientInfo.kekid": _w("Which key", "6.2.3", "It says which of the shared keys was used."),
    "KEKIdentifier.keyIdentifier": _w("Key identifier", "6.2.3", "The name that both sides have for the shared key."),
    "KEKIdentifier.date": _w("Date", "6.2.3", "Which of the keys of this name it is.", "There is one only."),
    "KEKIdentifier.other": _w("More about the key", "6.2.3", "Anything else that helps to find the key."),
    "KEKRecipientInfo.keyEncryptionAlgorithm": _w("Algorithm", "6.2.3", _HOW),
    "KEKRecipientInfo.encryptedKey": _w("Encrypted key", "6.2.3", f"{_WRAPPED} Only the shared key opens it."),
    "RecipientInfo.pwri": _w(
        "Recipient with a password", "6.2.4", "The content's key, encrypted with a key that is made of a password."
    ),
    "PasswordRecipientInfo.version": _w("Version", "6.2.4", "Always 0.", here="It is {value}."),
    "PasswordRecipientInfo.keyDerivationAlgorithm": _w(
        "Key from the password",
        "6.2.4",
        "How the password becomes a key.",
        "The key comes from elsewhere, such as from a device.",
    ),
    "PasswordRecipientInfo.keyEncryptionAlgorithm": _w("Algorithm", "6.2.4", _HOW),
    "PasswordRecipientInfo.encryptedKey": _w("Encrypted key", "6.2.4", f"{_WRAPPED} Only the password opens it."),
    "RecipientInfo.ori": _w(
        "Recipient of another kind", "6.2.5", "A way that came later, as with ML-KEM keys (RFC 9629)."
    ),
    "OtherRecipientInfo.oriType": _w("Kind", "6.2.5", "The number of the way.", here="It is {value}."),
    "OtherRecipientInfo.oriValue": _w("Content", "6.2.5", "What that way needs, in a form that its number says."),
    "AuthEnvelopedData": _w(
        "Authenticated enveloped data",
        "RFC 5083 §2.1",
        "As enveloped data, but with a cipher that finds every change. Nothing here says who sent it.",
    ),
    "AuthEnvelopedData.version": _w("Version", "RFC 5083 §2.1", "Always 0.", here="It is {value}."),
    "AuthEnvelopedData.originatorInfo": _w(
        "Sender",
        "RFC 5083 §2.1",
        "Certificates and lists of the sender, if recipients need them to agree on a key.",
        "Recipients have what they need, as is usual.",
    ),
    "AuthEnvelopedData.recipientInfos": _w(
        "Recipients",
        "RFC 5083 §2.1",
        "For each recipient the content's key, encrypted so that only that one gets it.",
        "Whoever is not in the list cannot read the content.",
    ),
    "AuthEnvelopedData.authEncryptedContentInfo": _w(
        "Encrypted content", "RFC 5083 §2.1", "The content and how it is encrypted."
    ),
    "AuthEnvelopedData.authAttrs": _w(
        "Protected attributes",
        "RFC 5083 §2.1",
        "Attributes that anybody can read but nobody can change unnoticed.",
        "Plain data needs none.",
    ),
    "AuthEnvelopedData.mac": _w(
        "Check",
        "RFC 5083 §2.1",
        "What the cipher computed over the content and the protected attributes: if one octet is changed, it no longer "
        "fits.",
    ),
    "AuthEnvelopedData.unauthAttrs": _w(
        "Attributes", "RFC 5083 §2.1", "Attributes that are neither encrypted nor protected."
    ),
    "DigestedData": _w("Digested data", "7", "A content with its hash, which finds accidents but no attackers."),
    "DigestedData.version": _w("Version", "7", "0 for plain data, 2 for other content.", here="It is {value}."),
    "DigestedData.digestAlgorithm": _w("Hash", "7", "The hash function.", here="It is {value}."),
    "DigestedData.encapContentInfo": _w("What is hashed", "7", "The content, or only its kind if it is elsewhere."),
    "DigestedData.digest": _w("Hash", "7", "The hash of the content."),
    "CompressedData": _w("Compressed data", "RFC 3274 §1.1", "A content that is compressed, and nothing else."),
    "CompressedData.version": _w("Version", "RFC 3274 §1.1", "Always 0.", here="It is {value}."),
    "CompressedData.compressionAlgorithm": _w("Algorithm", "RFC 3274 §1.1", "How it is compressed; mostly ZLIB."),
    "CompressedData.encapContentInfo": _w("Content", "RFC 3274 §1.1", "The compressed octets, and their kind."),
}
