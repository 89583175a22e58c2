"""Fields of CMS messages (RFC 5652), time stamps (RFC 3161) and PKCS#12 containers (RFC 7292)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words

_WHICH = "The signer's or recipient's certificate, by its issuer and number."


def _w(title: str, clause: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, clause if " " in clause else f"RFC 5652 §{clause}", purpose, without, here)


MESSAGES: dict[str, Words] = {
    "ContentInfo": _w(
        "Content", "3", "The envelope round everything in CMS: a number says what kind of content follows."
    ),
    "ContentInfo.contentType": _w(
        "Kind of content", "3", "It says how the content is to be read.", here="It is {value}."
    ),
    "ContentInfo.content": _w("Content", "3", "The content itself, in the form of its kind."),
    "SignedData": _w(
        "Signed data",
        "5.1",
        "Content, signatures over it, and certificates that help to check them. If the content is left out, the "
        "signature is a detached one, over a file beside it.",
    ),
    "SignedData.version": _w(
        "Version",
        "5.1",
        "It follows from what is used below: 1 for plain data, 3 if a signer is named by its key or the content is of "
        "another kind, 4 or 5 with rarer certificates or lists.",
        here="It is {value}.",
    ),
    "SignedData.digestAlgorithms": _w(
        "Hashes",
        "5.1",
        "The hash functions of the signers. They stand before the content, so that it can be hashed while it is read.",
        "Some programs refuse a signature whose hash is not listed here; others have to read the content twice.",
    ),
    "DigestAlgorithmIdentifiers.AlgorithmIdentifier": _w(
        "Hash", "5.1", "A hash function that one or several signers used.", here="It is {value}."
    ),
    "SignedData.encapContentInfo": _w("What is signed", "5.2", "The content, or only its kind if it is elsewhere."),
    "EncapsulatedContentInfo.eContentType": _w(
        "Kind of content", "5.2", "It says what the signed octets are.", here="It is {value}."
    ),
    "EncapsulatedContentInfo.eContent": _w(
        "Content",
        "5.2",
        "The octets that are signed.",
        "The signature is detached: the content is in a file beside it.",
    ),
    "SignedData.certificates": _w(
        "Certificates",
        "5.1",
        "The signers' certificates and those of CAs above them, so that a chain can be built. Being here does not make "
        "any of them trusted.",
        "Whoever checks has to have them already.",
    ),
    "CertificateSet.CertificateChoices": _w(
        "Certificate", "10.2.2", "A certificate, of a signer or a CA.", here="It is {value}."
    ),
    "CertificateChoices.certificate": _w(
        "Certificate", "10.2.2", "A certificate, of a signer or a CA.", here="It is {value}."
    ),
    "CertificateChoices.other": _w(
        "Certificate of another kind", "10.2.2", "An attribute certificate or a form of its own; hardly ever used."
    ),
    "SignedData.crls": _w(
        "Revocation lists",
        "5.1",
        "Lists that say whether the certificates were revoked, so that nobody has to fetch them.",
        "Whoever checks has to get the lists elsewhere.",
    ),
    "RevocationInfoChoices.RevocationInfoChoice": _w(
        "Revocation list", "10.2.1", "A list of a CA, or another answer on revocation."
    ),
    "RevocationInfoChoice.crl": _w("Revocation list", "10.2.1", "A list of a CA, as it was published."),
    "RevocationInfoChoice.other": _w(
        "Another answer on revocation", "10.2.1", "Such as an OCSP response (RFC 5940), as a number says."
    ),
    "SignedData.signerInfos": _w(
        "Signatures", "5.1", "One entry for each signer; none if it only carries certificates."
    ),
    "SignerInfos.SignerInfo": _w("Signature", "5.3", "A signature, with who made it and with which algorithms."),
    "SignerInfo.version": _w(
        "Version",
        "5.3",
        "1 if the signer is named by issuer and number, 3 if by its key identifier.",
        here="It is {value}.",
    ),
    "SignerInfo.sid": _w("Signer", "5.3", "It says whose certificate holds the key that checks the signature."),
    "SignerIdentifier.issuerAndSerialNumber": _w("Signer", "10.2.4", _WHICH),
    "SignerIdentifier.subjectKeyIdentifier": _w(
        "Signer's key", "5.3", "The subject key identifier in the signer's certificate."
    ),
    "IssuerAndSerialNumber.issuer": _w(
        "Issuer", "10.2.4", "The CA that issued that certificate.", here="Issued by {value}."
    ),
    "IssuerAndSerialNumber.serialNumber": _w(
        "Number", "10.2.4", "The serial number of that certificate.", here="It is number {value}."
    ),
    "SignerInfo.digestAlgorithm": _w("Hash", "5.3", "What the content was hashed with.", here="It is {value}."),
    "SignerInfo.signedAttrs": _w(
        "Signed attributes",
        "5.3",
        "They are signed in place of the content, whose hash is among them. For signing, their tag is a SET's (31), "
        "not the [0] that stands here (§5.4).",
        "The signature is over the content itself, which is allowed for plain data only.",
    ),
    "SignerInfo.signatureAlgorithm": _w(
        "Algorithm", "5.3", "The algorithm that the signature was made with.", here="It is {value}."
    ),
    "SignerInfo.signature": _w(
        "Signature",
        "5.3",
        "Made with the signer's private key over the signed attributes, or over the content if there are none.",
        "Nothing would bind the content to the signer.",
    ),
    "SignerInfo.unsignedAttrs": _w(
        "Unsigned attributes",
        "5.3",
        "What was added after signing, such as a time stamp or a countersignature. The signature does not protect it.",
        "Nothing: most messages have none.",
    ),
    "EnvelopedData": _w(
        "Enveloped data",
        "6.1",
        "The content is encrypted with a key that is drawn for it, and that key once more for each recipient. Nothing "
        "here says who sent it.",
    ),
    "EnvelopedData.version": _w(
        "Version",
        "6.1",
        "It follows from what is used below: 0 in the plainest case, else 2 or more.",
        here="It is {value}.",
    ),
    "EnvelopedData.originatorInfo": _w(
        "Sender",
        "6.1",
        "Certificates and lists of the sender, if recipients need them to agree on a key.",
        "Recipients have what they need, as is usual.",
    ),
    "OriginatorInfo.ANY": _w("Of the sender", "6.1", "Certificates or lists of the sender."),
    "EnvelopedData.recipientInfos": _w(
        "Recipients",
        "6.1",
        "For each recipient the content's key, encrypted so that only that one gets it.",
        "Whoever is not in the list cannot read the content.",
    ),
    "RecipientInfos.RecipientInfo": _w("Recipient", "6.2", "The content's key for one recipient."),
    "RecipientInfo.ktri": _w(
        "Recipient with an RSA key", "6.2.1", "The content's key, encrypted with the recipient's public key."
    ),
    "KeyTransRecipientInfo.version": _w(
        "Version",
        "6.2.1",
        "0 if the recipient is named by issuer and number, 2 if by its key identifier.",
        here="It is {value}.",
    ),
    "KeyTransRecipientInfo.rid": _w("Whose key", "6.2.1", "It says which recipient's certificate was used."),
    "RecipientIdentifier.issuerAndSerialNumber": _w("Recipient", "10.2.4", _WHICH),
    "RecipientIdentifier.subjectKeyIdentifier": _w(
        "Recipient's key", "6.2.1", "The subject key identifier in its certificate."
    ),
    "KeyTransRecipientInfo.keyEncryptionAlgorithm": _w(
        "Algorithm", "6.2.1", "How the content's key is encrypted: with RSA, by PKCS #1 v1.5 or OAEP."
    ),
    "KeyTransRecipientInfo.encryptedKey": _w(
        "Encrypted key", "6.2.1", "The content's key. Only the recipient's private key opens it."
    ),
    "EnvelopedData.encryptedContentInfo": _w("Encrypted content", "6.1", "The content and how it is encrypted."),
    "EnvelopedData.unprotectedAttrs": _w("Attributes", "6.1", "Attributes that are neither encrypted nor signed."),
    "EncryptedContentInfo.contentType": _w(
        "Kind of content", "6.1", "It says what comes out when it is decrypted.", here="It is {value}."
    ),
    "EncryptedContentInfo.contentEncryptionAlgorithm": _w(
        "Cipher", "6.1", "The cipher, with what it starts from, or how a password becomes its key."
    ),
    "EncryptedContentInfo.encryptedContent": _w(
        "Encrypted octets", "6.1", "The content, encrypted.", "The encrypted octets are in a file beside it."
    ),
    "EncryptedContent": _w("Encrypted octets", "6.1", "The content, encrypted."),
    "EncryptedData": _w(
        "Encrypted data",
        "8",
        "Content that is encrypted with one key, which the reader has or makes of a password. There are no recipients.",
    ),
    "EncryptedData.version": _w("Version", "8", "0, or 2 if there are unprotected attributes.", here="It is {value}."),
    "EncryptedData.encryptedContentInfo": _w("Encrypted content", "8", "The content and how it is encrypted."),
    "EncryptedData.unprotectedAttrs": _w("Attributes", "8", "Attributes that are neither encrypted nor signed."),
    "SigningCertificateV2.certs": _w(
        "Hashes of certificates", "RFC 5035 §3", "The first is the signer's; others limit which chain may be used."
    ),
    "ESSCertIDs.ESSCertIDv2": _w("Certificate", "RFC 5035 §4", "A certificate by its hash."),
    "ESSCertIDv2.hashAlgorithm": _w(
        "Hash", "RFC 5035 §4", "The hash function.", "SHA-256 is meant.", here="It is {value}."
    ),
    "ESSCertIDv2.certHash": _w(
        "Hash of the certificate", "RFC 5035 §4", "It is made over the whole certificate in DER, signature included."
    ),
    "ESSCertIDv2.issuerSerial": _w(
        "Which certificate",
        "RFC 5035 §4",
        "The issuer and number of the certificate, which help to find it.",
        "The hash alone says which one it is.",
    ),
    "IssuerSerial.issuer": _w("Issuer", "RFC 5035 §4", "The CA that issued that certificate."),
    "IssuerSerial.serialNumber": _w(
        "Number", "RFC 5035 §4", "The serial number of that certificate.", here="It is number {value}."
    ),
    "SigningCertificateV2.policies": _w(
        "Policies",
        "RFC 5035 §3",
        "The certificate policies under which the signature may be checked.",
        "No policy is asked for.",
    ),
    "Policies.PolicyInformation": _w("Policy", "RFC 5035 §3", "One policy, and what is said of it."),
    "SMIMECapabilities.SMIMECapability": _w(
        "Capability", "RFC 8551 §2.5.2", "An algorithm that the sender's program knows; the one it likes best is first."
    ),
    "SMIMECapability.capabilityID": _w(
        "Algorithm", "RFC 8551 §2.5.2", "The number of the algorithm.", here="It is {value}."
    ),
    "SMIMECapability.parameters": _w("Parameters", "RFC 8551 §2.5.2", "More about it, such as a key's length in bits."),
    "TSTInfo": _w(
        "Time stamp",
        "RFC 3161 §2.4.2",
        "A service states, under its signature, that what has this hash existed at this time.",
    ),
    "TSTInfo.version": _w("Version", "RFC 3161 §2.4.2", "Always 1.", here="It is {value}."),
    "TSTInfo.policy": _w(
        "Policy", "RFC 3161 §2.4.2", "The number of the rules that the service keeps.", here="It is {value}."
    ),
    "TSTInfo.messageImprint": _w(
        "What was stamped",
        "RFC 3161 §2.4.2",
        "The hash that the client sent. The service does not see what was hashed.",
    ),
    "MessageImprint.hashAlgorithm": _w(
        "Hash", "RFC 3161 §2.4.1", "The hash function that the client used.", here="It is {value}."
    ),
    "MessageImprint.hashedMessage": _w("Hash", "RFC 3161 §2.4.1", "The hash of what was stamped."),
    "TSTInfo.serialNumber": _w(
        "Number",
        "RFC 3161 §2.4.2",
        "The number of this stamp; a service never uses one twice.",
        here="It is number {value}.",
    ),
    "TSTInfo.genTime": _w("Time", "RFC 3161 §2.4.2", "When the service made the stamp.", here="At {value}."),
    "TSTInfo.accuracy": _w(
        "Accuracy",
        "RFC 3161 §2.4.2",
        "By how much the time may be wrong, in seconds and parts of them.",
        "The service's policy may say it elsewhere.",
    ),
    "TSTInfo.ordering": _w(
        "Ordering",
        "RFC 3161 §2.4.2",
        "TRUE: of two stamps of this service the earlier time is always the earlier stamp. FALSE, the default: only if "
        "they differ by more than their accuracies together.",
        "FALSE is meant.",
        here="It says {value}.",
    ),
    "TSTInfo.nonce": _w(
        "Nonce",
        "RFC 3161 §2.4.2",
        "The number that the client drew, repeated: so the stamp was made for this request.",
        "A client without a clock of its own cannot tell an old answer from a new one.",
        here="It is {value}.",
    ),
    "TSTInfo.tsa": _w(
        "Service",
        "RFC 3161 §2.4.2",
        "A name of the service, one of those in its certificate.",
        "The certificate of the signer tells who it is.",
    ),
    "TSTInfo.extensions": _w("Extensions", "RFC 3161 §2.4.2", "More about the stamp; mostly absent."),
}


def _p(title: str, section: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, f"RFC 7292 §{section}", purpose, without, here)


CONTAINERS: dict[str, Words] = {
    "PFX": _p(
        "PKCS #12 container",
        "4",
        "A private key, its certificate and those above, in one file under a password, to be taken to another program.",
    ),
    "PFX.version": _p("Version", "4", "Always 3.", here="It is {value}."),
    "PFX.authSafe": _p(
        "Contents",
        "4",
        "The safes, wrapped as data. The check at the end is made over its octets; signed data in its place, with no "
        "check, is hardly ever seen.",
    ),
    "PFX.macData": _p(
        "Check",
        "4",
        "A keyed hash whose key is made of the password: a wrong password is found by it, and any change by somebody "
        "who does not know the password.",
        "Changes are not noticed, unless the contents are signed.",
    ),
    "MacData.mac": _p("Keyed hash", "4", "The HMAC over the contents, with its algorithm."),
    "DigestInfo.digestAlgorithm": _p(
        "Algorithm",
        "4",
        "The hash function of the HMAC; or PBMAC1, which says in its parameters how the key is made (RFC 9879).",
        here="It is {value}.",
    ),
    "DigestInfo.digest": _p("Value", "4", "What has to come out when it is computed again with the right password."),
    "MacData.macSalt": _p(
        "Salt",
        "4",
        "Random octets that are hashed with the password, so that each container needs its own guessing. With PBMAC1 "
        "it is not used.",
    ),
    "MacData.iterations": _p(
        "Rounds",
        "4",
        "How often the password is hashed: each guess costs an attacker as much. With PBMAC1 it is not used.",
        "1 is meant, which stops nobody from guessing.",
        here="{value} rounds.",
    ),
    "AuthenticatedSafe": _p(
        "Safes", "4.1", "Mostly two: one with the certificates, encrypted as a whole, and one with the encrypted key."
    ),
    "AuthenticatedSafe.ContentInfo": _p(
        "Safe", "4.1", "Data, which is in clear, or encrypted data; keys in clear data are encrypted by themselves."
    ),
    "SafeContents": _p("Bags", "4.2", "What is in the safe, each thing in a bag of its own."),
    "SafeContents.SafeBag": _p("Bag", "4.2", "One thing: a key, a certificate, a list."),
    "SafeBag.bagId": _p("Kind of bag", "4.2", "It says what is in the bag.", here="It is {value}."),
    "SafeBag.bagValue": _p("Content of the bag", "4.2", "What is in the bag, in the form of its kind."),
    "SafeBag.bagAttributes": _p(
        "Attributes of the bag",
        "4.2",
        "A name for people (friendlyName), and a mark that key and certificate share (localKeyId).",
        "Programs show no name, and have to find out by themselves which certificate belongs to the key.",
    ),
    "CertBag.certId": _p("Kind of certificate", "4.2.3", "In practice always X.509.", here="It is {value}."),
    "CertBag.certValue": _p("Certificate", "4.2.3", "An OCTET STRING that holds the certificate in DER."),
    "CRLBag.crlId": _p("Kind of list", "4.2.4", "In practice always X.509.", here="It is {value}."),
    "CRLBag.crlValue": _p("List", "4.2.4", "An OCTET STRING that holds the list in DER."),
    "SecretBag.secretTypeId": _p(
        "Kind of secret", "4.2.5", "A number that whoever made the container chose.", here="It is {value}."
    ),
    "SecretBag.secretValue": _p("Secret", "4.2.5", "The secret; Java keeps symmetric keys and passwords so."),
}
