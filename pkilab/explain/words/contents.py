"""Kinds of content, and attributes of requests, messages and containers, by their OBJECT IDENTIFIER."""

from __future__ import annotations

from pkilab.explain.words.entry import Named

CONTENTS: dict[str, Named] = {
    "1.2.840.113549.1.7.1": Named(
        "data", "Data", "RFC 5652 §4", "Octets of any kind, such as a text; CMS does not say what they mean."
    ),
    "1.2.840.113549.1.7.2": Named(
        "signedData",
        "Signed data",
        "RFC 5652 §5",
        "Content with signatures over it and the certificates to check them; also used to carry certificates alone.",
    ),
    "1.2.840.113549.1.7.3": Named(
        "envelopedData",
        "Enveloped data",
        "RFC 5652 §6",
        "Content that only the holders of its recipients' private keys can read.",
    ),
    "1.2.840.113549.1.7.5": Named(
        "digestedData",
        "Digested data",
        "RFC 5652 §7",
        "Content with a hash of it. It finds accidents only: whoever changes the content can hash it anew.",
    ),
    "1.2.840.113549.1.7.6": Named(
        "encryptedData",
        "Encrypted data",
        "RFC 5652 §8",
        "Content that is encrypted with one key, often made of a password; it names no recipients.",
    ),
    "1.2.840.113549.1.9.16.1.4": Named(
        "tSTInfo", "Time stamp", "RFC 3161 §2.4.2", "What a time-stamping service signs: a hash and a time."
    ),
    "1.2.840.113549.1.9.16.1.9": Named(
        "compressedData", "Compressed data", "RFC 3274 §1.1", "Content that is compressed, and nothing else."
    ),
    "1.2.840.113549.1.9.16.1.23": Named(
        "authEnvelopedData",
        "Authenticated enveloped data",
        "RFC 5083 §2.1",
        "As enveloped data, but with a cipher such as AES-GCM that finds changes of the encrypted octets.",
    ),
    "1.3.6.1.4.1.311.2.1.4": Named(
        "spcIndirectData", "Authenticode", "Microsoft", "The hash of a program that is signed for Windows."
    ),
    "1.3.6.1.5.5.7.48.1.1": Named(
        "ocspBasic", "Basic OCSP response", "RFC 6960 §4.2.1", "The one kind of response that everybody understands."
    ),
    "1.2.840.113549.1.12.10.1.1": Named(
        "keyBag",
        "Private key, open",
        "RFC 7292 §4.2.1",
        "A private key that is not encrypted by itself; the safe round it may be.",
    ),
    "1.2.840.113549.1.12.10.1.2": Named(
        "pkcs8ShroudedKeyBag",
        "Private key, encrypted",
        "RFC 7292 §4.2.2",
        "A private key that is encrypted by the password.",
    ),
    "1.2.840.113549.1.12.10.1.3": Named(
        "certBag", "Certificate", "RFC 7292 §4.2.3", "A certificate, of the key or of a CA."
    ),
    "1.2.840.113549.1.12.10.1.4": Named(
        "crlBag", "Revocation list", "RFC 7292 §4.2.4", "A revocation list of a CA; hardly ever used."
    ),
    "1.2.840.113549.1.12.10.1.5": Named(
        "secretBag", "Secret", "RFC 7292 §4.2.5", "Any other secret; Java keeps symmetric keys and passwords so."
    ),
    "1.2.840.113549.1.12.10.1.6": Named("safeContentsBag", "Nested contents", "RFC 7292 §4.2.6", "Bags within a bag."),
    "1.2.840.113549.1.9.22.1": Named(
        "x509Certificate", "X.509 certificate", "RFC 7292 §4.2.3", "The octets hold an X.509 certificate in DER."
    ),
    "1.2.840.113549.1.9.22.2": Named(
        "sdsiCertificate",
        "SDSI certificate",
        "RFC 7292 §4.2.3",
        "Certificates of a proposal of the 1990s, which nobody uses.",
    ),
    "1.2.840.113549.1.9.23.1": Named(
        "x509CRL", "X.509 revocation list", "RFC 7292 §4.2.4", "The octets hold an X.509 revocation list in DER."
    ),
}
ATTRIBUTES: dict[str, Named] = {
    "1.2.840.113549.1.9.3": Named(
        "contentType",
        "Content type",
        "RFC 5652 §11.1",
        "It repeats, under the signature, what kind of content was signed.",
        "Signed attributes have to have it; without it they are refused. Only a countersignature has none.",
    ),
    "1.2.840.113549.1.9.4": Named(
        "messageDigest",
        "Message digest",
        "RFC 5652 §11.2",
        "The hash of the content. The signature is over these attributes, and through this hash over the content.",
        "The signature would not cover the content; signed attributes without it are refused.",
    ),
    "1.2.840.113549.1.9.5": Named(
        "signingTime",
        "Signing time",
        "RFC 5652 §11.3",
        "When the signer claims to have signed, by the signer's own clock.",
        "Nobody is told when it was signed. It proves nothing anyway: only a time stamp of somebody else does.",
    ),
    "1.2.840.113549.1.9.6": Named(
        "countersignature", "Countersignature", "RFC 5652 §11.4", "A signature over the signature, as by a witness."
    ),
    "1.2.840.113549.1.9.7": Named(
        "challengePassword",
        "Challenge password",
        "RFC 2985 §5.4.1",
        "A password by which the subject can ask for revocation later; some protocols (SCEP) use it to let the "
        "request in. It stands here in clear for everybody who sees the request.",
        "Only a CA that asks for it minds.",
    ),
    "1.2.840.113549.1.9.14": Named(
        "extensionRequest",
        "Extension request",
        "RFC 2985 §5.4.2",
        "The extensions that the subject would like to have in the certificate, such as alternative names. The CA "
        "decides what it grants.",
        "The CA has to know the alternative names otherwise, or the certificate will have none.",
    ),
    "1.3.6.1.4.1.311.2.1.14": Named(
        "msExtensionRequest",
        "Extension request (Microsoft)",
        "Microsoft [MS-WCCE] §2.2.2.7.7",
        "The extensions that the subject would like to have, by Microsoft's own number; Windows writes it.",
    ),
    "1.3.6.1.4.1.311.13.2.2": Named(
        "msCSP",
        "Key provider",
        "Microsoft [MS-WCCE] §2.2.2.7.2",
        "The part of Windows (cryptographic service provider) that made the key of this request.",
    ),
    "1.3.6.1.4.1.311.13.2.3": Named(
        "msOSVersion",
        "Version of Windows",
        "Microsoft [MS-WCCE] §2.2.2.7.1",
        "The version of Windows that made the request.",
    ),
    "1.3.6.1.4.1.311.21.20": Named(
        "msClientInfo",
        "Client",
        "Microsoft [MS-WCCE] §2.2.2.7.4",
        "The machine, the user and the program that made the request. Everybody who sees the request can read them.",
    ),
    "1.2.840.113549.1.9.15": Named(
        "smimeCapabilities",
        "S/MIME capabilities",
        "RFC 8551 §2.5.2",
        "The algorithms that the sender's mail program understands, so that answers can be encrypted with a good one.",
        "Who answers has to guess, and takes an algorithm that every program has to know.",
    ),
    "1.2.840.113549.1.9.16.2.12": Named(
        "signingCertificate",
        "Signing certificate",
        "RFC 5035 §5",
        "The SHA-1 hash of the signer's certificate, under the signature. Version 2, with any hash, took its place.",
    ),
    "1.2.840.113549.1.9.16.2.47": Named(
        "signingCertificateV2",
        "Signing certificate",
        "RFC 5035 §3",
        "The hash of the signer's certificate, under the signature, so that no other can be put in its place. European "
        "signatures (CAdES, PAdES) have to have it, or its older form.",
        "A certificate of the same key with another name or policy could be put in its place.",
    ),
    "1.2.840.113549.1.9.16.2.14": Named(
        "timeStampToken",
        "Time stamp",
        "RFC 3161 §A",
        "A time-stamping service states that the signature was there at a time, so before a later revocation.",
        "Once the certificate is expired or revoked, nobody can tell whether the signature was made before.",
    ),
    "1.2.840.113549.1.9.52": Named(
        "cmsAlgorithmProtect",
        "Protection of the algorithms",
        "RFC 6211 §2",
        "It repeats the algorithms of hash and signature under the signature, so that they cannot be exchanged.",
        "The algorithms themselves are not signed.",
    ),
    "1.2.840.113549.1.9.20": Named(
        "friendlyName",
        "Friendly name",
        "RFC 2985 §5.5.1",
        "A name for people of this key or certificate; programs show it.",
    ),
    "1.2.840.113549.1.9.21": Named(
        "localKeyId",
        "Local key id",
        "RFC 2985 §5.5.2",
        "A mark that a key and its certificate share, so that a program finds which belong together.",
        "The program has to compare the keys themselves.",
    ),
    "1.3.6.1.4.1.311.17.1": Named(
        "msKeyProvider",
        "Key provider",
        "Microsoft",
        "The name of the part of Windows (cryptographic service provider) that is to keep the key after an import.",
    ),
    "2.16.840.1.113894.746875.1.1": Named(
        "oracleTrustedKeyUsage",
        "Trusted usage (Java)",
        "Oracle",
        "The purposes for which Java trusts the certificate, mostly any.",
        "Java does not take the certificate as one of its trust store.",
    ),
}
