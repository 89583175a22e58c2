"""Fields of CMS messages (RFC 5652), time stamps (RFC 3161) and PKCS#12 containers (RFC 7292)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words

_WHICH = "The signer's or recipient's certificate, by its issuer and number."


def _w(title: str, clause: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, clause if " " in clause else f"RFC 5652 §{clause}", purpose, without, here)


MESSAGES: dict[str, Words] = {
    "ContentInfo": _w("Content", "3", "A content with its kind."),
    "ContentInfo.contentType": _w("Kind of content", "3", "What follows.", here="It is {value}."),
    "ContentInfo.content": _w("Content", "3", "The content itself, in the form of its kind."),
    "SignedData": _w(
        "Signed data",
        "5.1",
        "Content, signatures over it, and certificates that help to check them. If the content is left out, the "
        "signature is a detached one, over a file beside it.",
    ),
    "SignedData.version": _w("Version", "5.1", "It follows from what is used below.", here="It is {value}."),
    "SignedData.digestAlgorithms": _w("Hashes", "5.1", "All hashes that signers used, for reading in one pass."),
    "DigestAlgorithmIdentifiers.AlgorithmIdentifier": _w("Hash", "5.1", "A hash that is used.", here="It is {value}."),
    "SignedData.encapContentInfo": _w("What is signed", "5.2", "The content, or only its kind if it is elsewhere."),
    "EncapsulatedContentInfo.eContentType": _w("Kind of content", "5.2", "What is signed.", here="It is {value}."),
    "EncapsulatedContentInfo.eContent": _w(
        "Content",
        "5.2",
        "The octets that are signed.",
        "The signature is detached: the content is in a file beside it.",
    ),
    "SignedData.certificates": _w(
        "Certificates", "5.1", "Those of the signers, and above.", "Whoever checks has to have them already."
    ),
    "CertificateSet.CertificateChoices": _w("Certificate", "10.2.2", "A certificate.", here="It is {value}."),
    "CertificateChoices.certificate": _w("Certificate", "10.2.2", "A certificate.", here="It is {value}."),
    "CertificateChoices.other": _w("Certificate of another kind", "10.2.2", "Hardly ever used."),
    "SignedData.crls": _w("Revocation lists", "5.1", "Lists that help whoever checks."),
    "RevocationInfoChoices.RevocationInfoChoice": _w("Revocation list", "10.2.1", "A list."),
    "RevocationInfoChoice.crl": _w("Revocation list", "10.2.1", "A list."),
    "RevocationInfoChoice.other": _w("Another kind of news", "10.2.1", "Such as an OCSP response."),
    "SignedData.signerInfos": _w(
        "Signatures", "5.3", "One entry for each signer; none if it only carries certificates."
    ),
    "SignerInfos.SignerInfo": _w("Signature", "5.3", "A signature with its signer and algorithms."),
    "SignerInfo.version": _w("Version", "5.3", "1, or 3 if the signer is named by its key.", here="It is {value}."),
    "SignerInfo.sid": _w("Signer", "5.3", "Whose certificate checks the signature."),
    "SignerIdentifier.issuerAndSerialNumber": _w("Signer", "10.2.4", _WHICH),
    "SignerIdentifier.subjectKeyIdentifier": _w("Signer's key", "5.3", "Its subject key identifier."),
    "IssuerAndSerialNumber.issuer": _w("Issuer", "10.2.4", "Who issued that certificate.", here="Issued by {value}."),
    "IssuerAndSerialNumber.serialNumber": _w("Number", "10.2.4", "Its serial number.", here="It is number {value}."),
    "SignerInfo.digestAlgorithm": _w("Hash", "5.3", "What the content was hashed with.", here="It is {value}."),
    "SignerInfo.signedAttrs": _w(
        "Signed attributes",
        "5.3",
        "They are signed in place of the content, whose hash is among them. For that, the tag is taken as a SET's.",
        "The content itself is what is signed.",
    ),
    "SignerInfo.signatureAlgorithm": _w("Algorithm", "5.3", "With what it was signed.", here="It is {value}."),
    "SignerInfo.signature": _w("Signature", "5.3", "The signature itself."),
    "SignerInfo.unsignedAttrs": _w("Unsigned attributes", "5.3", "What came later, such as a time stamp."),
    "EnvelopedData": _w("Enveloped data", "6.1", "Content that is encrypted to its recipients' keys."),
    "EnvelopedData.version": _w("Version", "6.1", "It follows from what is used below.", here="It is {value}."),
    "EnvelopedData.originatorInfo": _w("Sender", "6.1", "Certificates of the sender."),
    "OriginatorInfo.ANY": _w("Of the sender", "6.1", "Certificates or lists of the sender."),
    "EnvelopedData.recipientInfos": _w("Recipients", "6.2", "For each one the content's key, encrypted to that one."),
    "RecipientInfos.RecipientInfo": _w("Recipient", "6.2", "The content's key for one recipient."),
    "RecipientInfo.ktri": _w("Recipient with an RSA key", "6.2.1", "The content's key, encrypted with a public key."),
    "RecipientInfo.other": _w("Recipient of another kind", "6.2", "By key agreement, by a shared key, or a password."),
    "KeyTransRecipientInfo.version": _w("Version", "6.2.1", "0, or 2 if named by its key.", here="It is {value}."),
    "KeyTransRecipientInfo.rid": _w("Whose key", "6.2.1", "Which recipient's certificate it is."),
    "RecipientIdentifier.issuerAndSerialNumber": _w("Recipient", "10.2.4", _WHICH),
    "RecipientIdentifier.subjectKeyIdentifier": _w("Recipient's key", "6.2.1", "Its subject key identifier."),
    "KeyTransRecipientInfo.keyEncryptionAlgorithm": _w("Algorithm", "6.2.1", "How the key is encrypted."),
    "KeyTransRecipientInfo.encryptedKey": _w("Encrypted key", "6.2.1", "Only the recipient's private key opens it."),
    "EnvelopedData.encryptedContentInfo": _w("Encrypted content", "6.1", "The content and how it is encrypted."),
    "EnvelopedData.unprotectedAttrs": _w("Attributes", "6.1", "Neither encrypted nor signed."),
    "EncryptedContentInfo.contentType": _w("Kind of content", "6.1", "What is encrypted.", here="It is {value}."),
    "EncryptedContentInfo.contentEncryptionAlgorithm": _w("Cipher", "6.1", "How it is encrypted."),
    "EncryptedContentInfo.encryptedContent": _w("Encrypted octets", "6.1", "What only the key opens."),
    "EncryptedContent": _w("Encrypted octets", "6.1", "What only the key opens."),
    "EncryptedData.version": _w("Version", "8", "0, or 2 with attributes.", here="It is {value}."),
    "EncryptedData.encryptedContentInfo": _w("Encrypted content", "8", "The content and how it is encrypted."),
    "EncryptedData.unprotectedAttrs": _w("Attributes", "8", "Neither encrypted nor signed."),
    "SigningCertificateV2.certs": _w("Hashes of certificates", "RFC 5035 §3", "The first is the signer's."),
    "ESSCertIDs.ESSCertIDv2": _w("Certificate", "RFC 5035 §4", "A certificate by its hash."),
    "ESSCertIDv2.hashAlgorithm": _w("Hash", "RFC 5035 §4", "SHA-256 if it is left out.", here="It is {value}."),
    "ESSCertIDv2.certHash": _w("Hash of the certificate", "RFC 5035 §4", "Over the whole certificate."),
    "ESSCertIDv2.issuerSerial": _w("Which certificate", "RFC 5035 §4", "By its issuer and number."),
    "IssuerSerial.issuer": _w("Issuer", "RFC 5035 §4", "Who issued it."),
    "IssuerSerial.serialNumber": _w("Number", "RFC 5035 §4", "Its serial number.", here="It is number {value}."),
    "SigningCertificateV2.policies": _w("Policies", "RFC 5035 §3", "Under which policies it was signed."),
    "Policies.ANY": _w("Policy", "RFC 5035 §3", "A policy."),
    "SMIMECapabilities.SMIMECapability": _w("Capability", "RFC 8551 §2.5.2", "An algorithm that the sender knows."),
    "SMIMECapability.capabilityID": _w("Algorithm", "RFC 8551 §2.5.2", "Which one.", here="It is {value}."),
    "SMIMECapability.parameters": _w("Parameters", "RFC 8551 §2.5.2", "More about it, such as a key's length."),
    "TSTInfo": _w("Time stamp", "RFC 3161 §2.4.2", "A service states that it saw this hash at this time."),
    "TSTInfo.version": _w("Version", "RFC 3161 §2.4.2", "Always 1.", here="It is {value}."),
    "TSTInfo.policy": _w("Policy", "RFC 3161 §2.4.2", "The service's rules.", here="It is {value}."),
    "TSTInfo.messageImprint": _w("What was stamped", "RFC 3161 §2.4.2", "A hash; the service does not see the text."),
    "MessageImprint.hashAlgorithm": _w("Hash", "RFC 3161 §2.4.1", "How it was hashed.", here="It is {value}."),
    "MessageImprint.hashedMessage": _w("Hash", "RFC 3161 §2.4.1", "The hash of what was stamped."),
    "TSTInfo.serialNumber": _w("Number", "RFC 3161 §2.4.2", "Of this stamp.", here="It is number {value}."),
    "TSTInfo.genTime": _w("Time", "RFC 3161 §2.4.2", "When it was stamped.", here="At {value}."),
    "TSTInfo.accuracy": _w("Accuracy", "RFC 3161 §2.4.2", "How exact the time is."),
    "TSTInfo.ordering": _w("Ordering", "RFC 3161 §2.4.2", "Whether stamps can be ordered by time.", here="{value}."),
    "TSTInfo.nonce": _w("Nonce", "RFC 3161 §2.4.2", "The number that the client drew.", here="It is {value}."),
    "TSTInfo.tsa": _w("Service", "RFC 3161 §2.4.2", "The name of the service."),
    "TSTInfo.extensions": _w("Extensions", "RFC 3161 §2.4.2", "More about the stamp."),
}


def _p(title: str, section: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, f"RFC 7292 §{section}", purpose, without, here)


CONTAINERS: dict[str, Words] = {
    "PFX": _p(
        "PKCS #12 container", "4", "A private key, its certificate and those above, in one file for moving house."
    ),
    "PFX.version": _p("Version", "4", "Always 3.", here="It is {value}."),
    "PFX.authSafe": _p("Contents", "4", "The safes, and the octets that the check at the end is made over."),
    "PFX.macData": _p(
        "Check",
        "4",
        "A keyed hash by the password: it finds a wrong password, and changes by whoever does not know it.",
        "Changes are not noticed.",
    ),
    "MacData.mac": _p("Keyed hash", "4", "The hash with its algorithm."),
    "DigestInfo.digestAlgorithm": _p("Algorithm", "4", "Which hash it is.", here="It is {value}."),
    "DigestInfo.digest": _p("Value", "4", "The hash."),
    "MacData.macSalt": _p("Salt", "4", "Random octets that are hashed with the password."),
    "MacData.iterations": _p("Rounds", "4", "How often it is hashed; 1 if it is left out.", here="{value} rounds."),
    "AuthenticatedSafe": _p("Safes", "4.1", "Mostly two: one with certificates, one with keys."),
    "AuthenticatedSafe.ContentInfo": _p("Safe", "4.1", "In clear or encrypted as a whole."),
    "SafeContents": _p("Bags", "4.2", "What is in the safe."),
    "SafeContents.SafeBag": _p("Bag", "4.2", "One thing: a key, a certificate, a list."),
    "SafeBag.bagId": _p("Kind of bag", "4.2", "What is in it.", here="It is {value}."),
    "SafeBag.bagValue": _p("Content of the bag", "4.2", "In the form of its kind."),
    "SafeBag.bagAttributes": _p(
        "Attributes of the bag", "4.2", "A name for people, and a mark which key goes with it."
    ),
    "CertBag.certId": _p("Kind of certificate", "4.2.3", "In practice always X.509.", here="It is {value}."),
    "CertBag.certValue": _p("Certificate", "4.2.3", "Octets that hold the certificate."),
    "CRLBag.crlId": _p("Kind of list", "4.2.4", "In practice always X.509.", here="It is {value}."),
    "CRLBag.crlValue": _p("List", "4.2.4", "Octets that hold the list."),
    "SecretBag.secretTypeId": _p("Kind of secret", "4.2.5", "What it is.", here="It is {value}."),
    "SecretBag.secretValue": _p("Secret", "4.2.5", "Octets that hold it."),
}
