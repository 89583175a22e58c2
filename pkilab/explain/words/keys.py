"""Fields of private keys, of their encryption, and of algorithms' parameters."""

from __future__ import annotations

from pkilab.explain.words.entry import Words

_PKCS8, _RSA, _EC, _PBES, _SCRYPT = "RFC 5958 §2", "RFC 8017 §A.1.2", "RFC 5915 §3", "RFC 8018 §A.2", "RFC 7914 §7"
_HIDDEN = "It is part of the secret: whoever sees it can act as the owner of the key."


def _w(title: str, clause: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    return Words(title, clause, purpose, without, here)


PRIVATE_KEYS: dict[str, Words] = {
    "PrivateKeyInfo": _w(
        "Private key",
        _PKCS8,
        "A private key in the form that all programs share (PKCS #8). It is not encrypted: whoever has the file has "
        "the key.",
        here="It is {value}.",
    ),
    "PrivateKeyInfo.version": _w(
        "Version", _PKCS8, "v2, written as 1, if the public key is there too.", here="It is {value}."
    ),
    "PrivateKeyInfo.privateKeyAlgorithm": _w("Algorithm", _PKCS8, "What kind of key it is.", here="It is {value}."),
    "PrivateKeyInfo.privateKey": _w("The key", _PKCS8, "Octets that hold the key in the form of its algorithm."),
    "PrivateKeyInfo.attributes": _w("Attributes", _PKCS8, "More about the key; mostly absent."),
    "PrivateKeyInfo.publicKey": _w("Public key", _PKCS8, "The public key that belongs to it.", "It can be computed."),
    "EncryptedPrivateKeyInfo": _w(
        "Encrypted private key",
        "RFC 5958 §3",
        "A private key that is encrypted by a password. Without the password it is of no use to a thief, as far as the "
        "password is good.",
        here="It is encrypted with {value}.",
    ),
    "EncryptedPrivateKeyInfo.encryptionAlgorithm": _w(
        "How it is encrypted", "RFC 5958 §3", "All that is needed to decrypt it, but the password.", here="{value}."
    ),
    "EncryptedPrivateKeyInfo.encryptedData": _w(
        "Encrypted octets",
        "RFC 5958 §3",
        "The private key, encrypted.",
        here="{octets} octets that only the password opens.",
    ),
    "RSAPrivateKey": _w("RSA private key", _RSA, "The numbers of an RSA key, public ones and secret ones."),
    "RSAPrivateKey.version": _w("Version", _RSA, "0, unless there are more than two primes.", here="It is {value}."),
    "RSAPrivateKey.modulus": _w("Modulus", _RSA, "The public modulus: the product of the primes."),
    "RSAPrivateKey.publicExponent": _w("Public exponent", _RSA, "The public exponent.", here="It is {value}."),
    "RSAPrivateKey.privateExponent": _w("Private exponent", _RSA, f"With it the key signs. {_HIDDEN}"),
    "RSAPrivateKey.prime1": _w("First prime", _RSA, f"A factor of the modulus. {_HIDDEN}"),
    "RSAPrivateKey.prime2": _w("Second prime", _RSA, f"The other factor of the modulus. {_HIDDEN}"),
    "RSAPrivateKey.exponent1": _w("Exponent of the first prime", _RSA, f"It makes signing faster. {_HIDDEN}"),
    "RSAPrivateKey.exponent2": _w("Exponent of the second prime", _RSA, f"It makes signing faster. {_HIDDEN}"),
    "RSAPrivateKey.coefficient": _w("Coefficient", _RSA, f"It makes signing faster. {_HIDDEN}"),
    "RSAPrivateKey.otherPrimeInfos": _w("More primes", _RSA, "Only in keys of more than two primes; rare."),
    "OtherPrimeInfos.OtherPrimeInfo": _w("One more prime", _RSA, "A further prime with its numbers."),
    "OtherPrimeInfo.prime": _w("Prime", _RSA, _HIDDEN),
    "OtherPrimeInfo.exponent": _w("Exponent", _RSA, _HIDDEN),
    "OtherPrimeInfo.coefficient": _w("Coefficient", _RSA, _HIDDEN),
    "ECPrivateKey": _w("Elliptic curve private key", _EC, "A secret number, and mostly the curve and the public key."),
    "ECPrivateKey.version": _w("Version", _EC, "Always 1.", here="It is {value}."),
    "ECPrivateKey.privateKey": _w("Secret number", _EC, f"The key itself, as long as the curve is wide. {_HIDDEN}"),
    "ECPrivateKey.parameters": _w(
        "Curve", _EC, "Which curve it is.", "The algorithm round the key says it (PKCS #8).", "{value}."
    ),
    "ECPrivateKey.publicKey": _w("Public key", _EC, "The public point.", "It can be computed."),
    "DSAPrivateKey": _w("DSA private key", "OpenSSL", "A DSA key as OpenSSL writes it; history."),
    "DSAPrivateKey.version": _w("Version", "OpenSSL", "Always 0.", here="It is {value}."),
    "DSAPrivateKey.p": _w("p", "RFC 3279 §2.3.2", "A public prime."),
    "DSAPrivateKey.q": _w("q", "RFC 3279 §2.3.2", "A public prime, a factor of p - 1."),
    "DSAPrivateKey.g": _w("g", "RFC 3279 §2.3.2", "A public number, the generator."),
    "DSAPrivateKey.pub_key": _w("Public key", "RFC 3279 §2.3.2", "The public key."),
    "DSAPrivateKey.priv_key": _w("Secret number", "OpenSSL", _HIDDEN),
    "CurvePrivateKey": _w("Secret octets", "RFC 8410 §7", f"The key itself, 32 octets of Ed25519. {_HIDDEN}"),
    "MLDSAPrivateKey.seed": _w(
        "Seed",
        "RFC 9881 §6",
        f"32 octets from which the whole key is made. {_HIDDEN}",
        "The expanded key stands in its place.",
    ),
    "MLDSAPrivateKey.expandedKey": _w(
        "Expanded key",
        "RFC 9881 §6",
        f"What is made of the seed, ready for signing. {_HIDDEN}",
        "It is made from the seed.",
    ),
    "MLDSAPrivateKey.both": _w("Seed and expanded key", "RFC 9881 §6", "Both, which have to fit together."),
    "BothMLDSA.seed": _w("Seed", "RFC 9881 §6", f"32 octets from which the whole key is made. {_HIDDEN}"),
    "BothMLDSA.expandedKey": _w("Expanded key", "RFC 9881 §6", f"What is made of the seed. {_HIDDEN}"),
}
PARAMETERS: dict[str, Words] = {
    "PBES2-params.keyDerivationFunc": _w(
        "Key from the password", "RFC 8018 §A.4", "How the password becomes the key of the cipher."
    ),
    "PBES2-params.encryptionScheme": _w("Cipher", "RFC 8018 §A.4", "What encrypts with that key, and its first block."),
    "PBKDF2-params.salt": _w(
        "Salt",
        _PBES,
        "Random octets that are hashed with the password.",
        "One table of hashed passwords would open the keys of everybody.",
    ),
    "PBKDF2-params.iterationCount": _w(
        "Rounds",
        _PBES,
        "How often it is hashed. Each guess at the password costs an attacker as much.",
        "With few rounds a thief tries millions of passwords in a second.",
        "{value} rounds.",
    ),
    "PBKDF2-params.keyLength": _w(
        "Length of the key", _PBES, "In octets; the cipher says it too.", "", "{value} octets."
    ),
    "PBKDF2-params.prf": _w(
        "Hash", _PBES, "The keyed hash; HMAC with SHA-1 if it is left out.", "HMAC with SHA-1 is meant.", "{value}."
    ),
    "scrypt-params.salt": _w("Salt", _SCRYPT, "Random octets that are hashed with the password."),
    "scrypt-params.costParameter": _w(
        "Cost", _SCRYPT, "It sets time and memory; a power of two.", "", "It is {value}."
    ),
    "scrypt-params.blockSize": _w("Block size", _SCRYPT, "It sets how much memory is taken.", "", "It is {value}."),
    "scrypt-params.parallelizationParameter": _w("Parallel parts", _SCRYPT, "It sets the time.", "", "It is {value}."),
    "scrypt-params.keyLength": _w("Length of the key", _SCRYPT, "In octets.", "", "{value} octets."),
    "PBEParameter.salt": _w("Salt", "RFC 8018 §A.3", "Random octets that are hashed with the password."),
    "PBEParameter.iterations": _w("Rounds", "RFC 8018 §A.3", "How often it is hashed.", "", "{value} rounds."),
    "GCMParameters.aes-nonce": _w("Nonce", "RFC 5084 §3.2", "Octets that must never be used twice with one key."),
    "GCMParameters.aes-ICVlen": _w(
        "Length of the check", "RFC 5084 §3.2", "In octets.", "12 octets are meant.", "{value} octets."
    ),
    "RSASSA-PSS-params.hashAlgorithm": _w(
        "Hash", "RFC 4055 §3.1", "What is hashed with.", "SHA-1 is meant.", "{value}."
    ),
    "RSASSA-PSS-params.maskGenAlgorithm": _w(
        "Mask", "RFC 4055 §3.1", "How the mask is made.", "MGF1 with SHA-1 is meant."
    ),
    "RSASSA-PSS-params.saltLength": _w(
        "Length of the salt", "RFC 4055 §3.1", "In octets.", "20 octets are meant.", "{value} octets."
    ),
    "RSASSA-PSS-params.trailerField": _w("Trailer", "RFC 4055 §3.1", "Always 1.", "1 is meant.", "It is {value}."),
    "RSAES-OAEP-params.hashFunc": _w("Hash", "RFC 4055 §4.1", "What is hashed with.", "SHA-1 is meant.", "{value}."),
    "RSAES-OAEP-params.maskGenFunc": _w("Mask", "RFC 4055 §4.1", "How the mask is made.", "MGF1 with SHA-1 is meant."),
    "RSAES-OAEP-params.pSourceFunc": _w("Label", "RFC 4055 §4.1", "What is mixed in.", "An empty label is meant."),
    "DHParameter": _w("Diffie-Hellman parameters", "PKCS #3 §9", "What both sides of a key agreement share."),
    "DHParameter.prime": _w("Prime", "PKCS #3 §9", "All is computed modulo this prime."),
    "DHParameter.base": _w("Base", "PKCS #3 §9", "The generator.", here="It is {value}."),
    "DHParameter.privateValueLength": _w("Length of the secret", "PKCS #3 §9", "In bits.", here="{value} bits."),
    "Dss-Parms.p": _w("p", "RFC 3279 §2.3.2", "A prime; all is computed modulo it."),
    "Dss-Parms.q": _w("q", "RFC 3279 §2.3.2", "A prime factor of p - 1."),
    "Dss-Parms.g": _w("g", "RFC 3279 §2.3.2", "The generator."),
    "DSAPublicKey": _w("DSA public key", "RFC 3279 §2.3.2", "One number."),
    "DHPublicKey": _w("Diffie-Hellman public key", "RFC 3279 §2.3.3", "One number."),
    "ECParameters.namedCurve": _w("Curve", "RFC 5480 §2.1.1", "The curve by its number.", "", "It is {value}."),
    "ECParameters.implicitCurve": _w(
        "Curve of the issuer", "RFC 5480 §2.1.1", "The curve is the issuer's. Certificates must not use this."
    ),
    "ECParameters.specifiedCurve": _w(
        "Curve in full",
        "RFC 5480 §2.1.1",
        "The curve by its numbers. Certificates must not use this: a forged curve let anybody pretend to have a known "
        "key (CVE-2020-0601).",
    ),
    "SpecifiedECDomain.version": _w("Version", "RFC 3279 §2.3.5", "The form.", here="It is {value}."),
    "SpecifiedECDomain.fieldID": _w("Field", "RFC 3279 §2.3.5", "The numbers that the curve is computed in."),
    "FieldID.fieldType": _w("Kind of field", "RFC 3279 §2.3.5", "Of a prime or binary.", here="It is {value}."),
    "FieldID.parameters": _w("The field", "RFC 3279 §2.3.5", "Of a prime field the prime."),
    "SpecifiedECDomain.curve": _w("Curve", "RFC 3279 §2.3.5", "The numbers of its equation."),
    "Curve.a": _w("a", "RFC 3279 §2.3.5", "A number of the equation."),
    "Curve.b": _w("b", "RFC 3279 §2.3.5", "A number of the equation."),
    "Curve.seed": _w("Seed", "RFC 3279 §2.3.5", "From which the curve was made."),
    "SpecifiedECDomain.base": _w("Base point", "RFC 3279 §2.3.5", "The point that keys are multiples of."),
    "SpecifiedECDomain.order": _w("Order", "RFC 3279 §2.3.5", "How many multiples the base point has."),
    "SpecifiedECDomain.cofactor": _w("Cofactor", "RFC 3279 §2.3.5", "All points over these.", here="It is {value}."),
}
