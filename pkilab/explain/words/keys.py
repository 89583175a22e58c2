"""Fields of private keys, of their encryption, and of algorithms' parameters."""

from __future__ import annotations

from pkilab.explain.words.entry import Words

_PKCS8, _RSA, _EC, _PBES, _SCRYPT = "RFC 5958 §2", "RFC 8017 §A.1.2", "RFC 5915 §3", "RFC 8018 §A.2", "RFC 7914 §7"
_HIDDEN = "Whoever sees it can act as the owner of the key."


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
        "Version",
        _PKCS8,
        "v1 is written as 0; v2, which can hold the public key too, as 1.",
        here="It is {value}.",
    ),
    "PrivateKeyInfo.privateKeyAlgorithm": _w(
        "Algorithm",
        _PKCS8,
        "What kind of key it is, by the same number as in a certificate; of a curve also which one.",
        "Nobody could make sense of the octets of the key.",
        here="It is {value}.",
    ),
    "PrivateKeyInfo.privateKey": _w("The key", _PKCS8, "Octets that hold the key in the form of its algorithm."),
    "PrivateKeyInfo.attributes": _w(
        "Attributes", _PKCS8, "More about the key, such as a name for it; mostly absent.", "Nothing."
    ),
    "PrivateKeyInfo.publicKey": _w(
        "Public key", _PKCS8, "The public key that belongs to it.", "It is computed from the private key."
    ),
    "EncryptedPrivateKeyInfo": _w(
        "Encrypted private key",
        "RFC 5958 §3",
        "A private key that is encrypted by a password. A thief of the file has to guess the password: it is as safe "
        "as the password is long.",
        here="It is encrypted with {value}.",
    ),
    "EncryptedPrivateKeyInfo.encryptionAlgorithm": _w(
        "How it is encrypted",
        "RFC 5958 §3",
        "Everything that is needed to decrypt it, except the password.",
        here="{value}.",
    ),
    "EncryptedPrivateKeyInfo.encryptedData": _w(
        "Encrypted octets",
        "RFC 5958 §3",
        "The private key, encrypted.",
        here="{octets} octets that only the password opens.",
    ),
    "RSAPrivateKey": _w("RSA private key", _RSA, "The numbers of an RSA key, public ones and secret ones."),
    "RSAPrivateKey.version": _w(
        "Version", _RSA, "0 for two primes, as nearly always; 1 for more.", here="It is {value}."
    ),
    "RSAPrivateKey.modulus": _w(
        "Modulus", _RSA, "The product of the primes. It is public: the certificate has it too."
    ),
    "RSAPrivateKey.publicExponent": _w(
        "Public exponent",
        _RSA,
        "The exponent that checks signatures. It is public: the certificate has it too.",
        here="It is {value}.",
    ),
    "RSAPrivateKey.privateExponent": _w(
        "Private exponent", _RSA, f"The exponent that makes signatures and decrypts. {_HIDDEN}"
    ),
    "RSAPrivateKey.prime1": _w("First prime", _RSA, f"A factor of the modulus. {_HIDDEN}"),
    "RSAPrivateKey.prime2": _w("Second prime", _RSA, f"The other factor of the modulus. {_HIDDEN}"),
    "RSAPrivateKey.exponent1": _w(
        "Exponent of the first prime",
        _RSA,
        f"The private exponent modulo the first prime less 1: with it signing is faster. {_HIDDEN}",
    ),
    "RSAPrivateKey.exponent2": _w(
        "Exponent of the second prime",
        _RSA,
        f"The private exponent modulo the second prime less 1: with it signing is faster. {_HIDDEN}",
    ),
    "RSAPrivateKey.coefficient": _w(
        "Coefficient", _RSA, f"The inverse of the second prime modulo the first: with it signing is faster. {_HIDDEN}"
    ),
    "RSAPrivateKey.otherPrimeInfos": _w("More primes", _RSA, "Only in keys of more than two primes; rare."),
    "OtherPrimeInfos.OtherPrimeInfo": _w("One more prime", _RSA, "A further prime with its numbers."),
    "OtherPrimeInfo.prime": _w("Prime", _RSA, f"A further factor of the modulus. {_HIDDEN}"),
    "OtherPrimeInfo.exponent": _w(
        "Exponent", _RSA, f"The private exponent modulo this prime less 1: with it signing is faster. {_HIDDEN}"
    ),
    "OtherPrimeInfo.coefficient": _w(
        "Coefficient",
        _RSA,
        f"The inverse of the product of the primes before, modulo this prime: with it signing is faster. {_HIDDEN}",
    ),
    "ECPrivateKey": _w("Elliptic curve private key", _EC, "A secret number, and mostly the curve and the public key."),
    "ECPrivateKey.version": _w("Version", _EC, "Always 1.", here="It is {value}."),
    "ECPrivateKey.privateKey": _w(
        "Secret number", _EC, f"The key itself, in as many octets as the order of the curve has. {_HIDDEN}"
    ),
    "ECPrivateKey.parameters": _w(
        "Curve",
        _EC,
        "The curve that the key is of.",
        "The algorithm round the key says it (PKCS #8); in a file of its own nobody could use the key.",
        "It is {value}.",
    ),
    "ECPrivateKey.publicKey": _w(
        "Public key", _EC, "The public point that belongs to it.", "It is computed from the secret number."
    ),
    "DSAPrivateKey": _w(
        "DSA private key", "OpenSSL", "A DSA key in OpenSSL's own form. FIPS 186-5 no longer lets DSA sign; history."
    ),
    "DSAPrivateKey.version": _w("Version", "OpenSSL", "Always 0.", here="It is {value}."),
    "DSAPrivateKey.p": _w("p", "RFC 3279 §2.3.2", "A public prime; everything is computed modulo it."),
    "DSAPrivateKey.q": _w("q", "RFC 3279 §2.3.2", "A public prime, a factor of p - 1."),
    "DSAPrivateKey.g": _w("g", "RFC 3279 §2.3.2", "A public number, the generator."),
    "DSAPrivateKey.pub_key": _w("Public key", "RFC 3279 §2.3.2", "The public key: g to the power of the secret."),
    "DSAPrivateKey.priv_key": _w("Secret number", "OpenSSL", f"The key itself. {_HIDDEN}"),
    "CurvePrivateKey": _w(
        "Secret octets",
        "RFC 8410 §7",
        f"The key itself: 32 octets of Ed25519 and X25519, 57 of Ed448, 56 of X448. {_HIDDEN}",
    ),
    "MLDSAPrivateKey.seed": _w(
        "Seed",
        "RFC 9881 §6",
        f"32 octets from which the whole key is made. {_HIDDEN}",
        "The expanded key stands in its place; from that the seed cannot be found again.",
    ),
    "MLDSAPrivateKey.expandedKey": _w(
        "Expanded key",
        "RFC 9881 §6",
        f"What is made of the seed, ready for signing: 2,560, 4,032 or 4,896 octets. {_HIDDEN}",
        "It is made from the seed.",
    ),
    "MLDSAPrivateKey.both": _w(
        "Seed and expanded key",
        "RFC 9881 §6",
        "Both in one. Whoever reads it has to make sure that the key is the one of the seed.",
    ),
    "BothMLDSA.seed": _w("Seed", "RFC 9881 §6", f"32 octets from which the whole key is made. {_HIDDEN}"),
    "BothMLDSA.expandedKey": _w(
        "Expanded key", "RFC 9881 §6", f"What is made of the seed, ready for signing. {_HIDDEN}"
    ),
}
PARAMETERS: dict[str, Words] = {
    "PBES2-params.keyDerivationFunc": _w(
        "Key from the password", "RFC 8018 §A.4", "How the password becomes the key of the cipher."
    ),
    "PBES2-params.encryptionScheme": _w(
        "Cipher", "RFC 8018 §A.4", "The cipher that uses that key, and the random block that it starts from (IV)."
    ),
    "PBMAC1-params.keyDerivationFunc": _w(
        "Key from the password", "RFC 8018 §A.5", "How the password becomes the key of the keyed hash."
    ),
    "PBMAC1-params.messageAuthScheme": _w("Keyed hash", "RFC 8018 §A.5", "The keyed hash that uses that key."),
    "PBKDF2-params.salt": _w(
        "Salt",
        _PBES,
        "Random octets that are hashed with the password. They are no secret.",
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
        "Length of the key", _PBES, "The length in octets.", "The cipher says how long its key is.", "{value} octets."
    ),
    "PBKDF2-params.prf": _w(
        "Hash",
        _PBES,
        "The keyed hash that is computed in each round.",
        "HMAC with SHA-1 is meant, which is still sound for this, but asks for more rounds.",
        "It is {value}.",
    ),
    "scrypt-params.salt": _w("Salt", _SCRYPT, "Random octets that are hashed with the password. They are no secret."),
    "scrypt-params.costParameter": _w(
        "Cost",
        _SCRYPT,
        "A power of two. Time and memory grow with it: 128 octets of memory times this times the block size.",
        "With a small one a thief can guess cheaply.",
        "It is {value}.",
    ),
    "scrypt-params.blockSize": _w(
        "Block size", _SCRYPT, "Time and memory grow with it; nearly always 8.", "", "It is {value}."
    ),
    "scrypt-params.parallelizationParameter": _w(
        "Parallel parts", _SCRYPT, "How many parts are computed apart; the time grows with it.", "", "It is {value}."
    ),
    "scrypt-params.keyLength": _w(
        "Length of the key", _SCRYPT, "The length in octets.", "The cipher says how long its key is.", "{value} octets."
    ),
    "PBEParameter.salt": _w(
        "Salt", "RFC 8018 §A.3", "Random octets that are hashed with the password; of PKCS #12 see RFC 7292 §C."
    ),
    "PBEParameter.iterations": _w(
        "Rounds",
        "RFC 8018 §A.3",
        "How often it is hashed. Each guess at the password costs an attacker as much.",
        "With few rounds a thief tries millions of passwords in a second.",
        "{value} rounds.",
    ),
    "GCMParameters.aes-nonce": _w(
        "Nonce",
        "RFC 5084 §3.2",
        "Octets that the cipher starts from, mostly 12.",
        "If one is used twice with a key, the contents leak and changes are no longer found.",
    ),
    "GCMParameters.aes-ICVlen": _w(
        "Length of the check",
        "RFC 5084 §3.2",
        "The length in octets of the check (tag) that finds changes, 12 to 16.",
        "12 octets are meant.",
        "{value} octets.",
    ),
    "RSASSA-PSS-params.hashAlgorithm": _w(
        "Hash",
        "RFC 4055 §3.1",
        "The hash function of the signature.",
        "SHA-1 is meant, which is refused today.",
        "It is {value}.",
    ),
    "RSASSA-PSS-params.maskGenAlgorithm": _w(
        "Mask",
        "RFC 4055 §3.1",
        "How the padding's mask is made: MGF1, with a hash that should be the one of the signature.",
        "MGF1 with SHA-1 is meant.",
        "It is {value}.",
    ),
    "RSASSA-PSS-params.saltLength": _w(
        "Length of the salt",
        "RFC 4055 §3.1",
        "The length in octets; best as long as the hash.",
        "20 octets are meant.",
        "{value} octets.",
    ),
    "RSASSA-PSS-params.trailerField": _w("Trailer", "RFC 4055 §3.1", "Always 1.", "1 is meant.", "It is {value}."),
    "RSAES-OAEP-params.hashFunc": _w(
        "Hash",
        "RFC 4055 §4.1",
        "The hash function of the padding.",
        "SHA-1 is meant, which is still sound for this.",
        "It is {value}.",
    ),
    "RSAES-OAEP-params.maskGenFunc": _w(
        "Mask", "RFC 4055 §4.1", "How the padding's mask is made.", "MGF1 with SHA-1 is meant.", "It is {value}."
    ),
    "RSAES-OAEP-params.pSourceFunc": _w(
        "Label", "RFC 4055 §4.1", "A label that both sides have to know and that is mixed in.", "An empty one is meant."
    ),
    "DHParameter": _w("Diffie-Hellman parameters", "PKCS #3 §9", "What both sides of a key agreement share."),
    "DHParameter.prime": _w("Prime", "PKCS #3 §9", "Everything is computed modulo this prime."),
    "DHParameter.base": _w(
        "Base", "PKCS #3 §9", "The number (generator) whose powers are exchanged.", here="It is {value}."
    ),
    "DHParameter.privateValueLength": _w(
        "Length of the secret",
        "PKCS #3 §9",
        "How many bits the secret number has to have.",
        "It may be as long as the prime.",
        "{value} bits.",
    ),
    "Dss-Parms": _w("DSA parameters", "RFC 3279 §2.3.2", "Three numbers that many DSA keys can share."),
    "Dss-Parms.p": _w("p", "RFC 3279 §2.3.2", "A prime; everything is computed modulo it."),
    "Dss-Parms.q": _w("q", "RFC 3279 §2.3.2", "A prime factor of p - 1."),
    "Dss-Parms.g": _w("g", "RFC 3279 §2.3.2", "The number (generator) whose powers are public keys."),
    "DSAPublicKey": _w("DSA public key", "RFC 3279 §2.3.2", "One number: g to the power of the secret, modulo p."),
    "DHPublicKey": _w(
        "Diffie-Hellman public key", "RFC 3279 §2.3.3", "One number: the base to the power of the secret."
    ),
    "ECParameters.namedCurve": _w(
        "Curve",
        "RFC 5480 §2.1.1",
        "The curve by its number: the only form that certificates may use.",
        "",
        "It is {value}.",
    ),
    "ECParameters.implicitCurve": _w(
        "Curve of the issuer", "RFC 5480 §2.1.1", "NULL: the curve is the issuer's. Certificates must not use this."
    ),
    "ECParameters.specifiedCurve": _w(
        "Curve in full",
        "RFC 5480 §2.1.1",
        "The curve by its numbers. Certificates must not use this: a forged curve let anybody pretend to have a known "
        "key (CVE-2020-0601).",
    ),
    "SpecifiedECDomain.version": _w(
        "Version", "RFC 3279 §2.3.5", "The version of this form; 1.", here="It is {value}."
    ),
    "SpecifiedECDomain.fieldID": _w("Field", "RFC 3279 §2.3.5", "The field: which numbers coordinates can be."),
    "FieldID.fieldType": _w(
        "Kind of field", "RFC 3279 §2.3.5", "Numbers modulo a prime, or binary polynomials.", here="It is {value}."
    ),
    "FieldID.parameters": _w("The field", "RFC 3279 §2.3.5", "The prime, or of a binary field its polynomial."),
    "SpecifiedECDomain.curve": _w(
        "Curve", "RFC 3279 §2.3.5", "The numbers of its equation, y² = x³ + ax + b over a prime field."
    ),
    "Curve.a": _w("a", "RFC 3279 §2.3.5", "The number a of the equation."),
    "Curve.b": _w("b", "RFC 3279 §2.3.5", "The number b of the equation."),
    "Curve.seed": _w(
        "Seed",
        "RFC 3279 §2.3.5",
        "The octets from which the curve was made, so that others can see how.",
        "Nobody can check how the curve was chosen.",
    ),
    "SpecifiedECDomain.base": _w("Base point", "RFC 3279 §2.3.5", "The point that public keys are multiples of."),
    "SpecifiedECDomain.order": _w(
        "Order", "RFC 3279 §2.3.5", "How many different multiples the base point has; secret numbers are smaller."
    ),
    "SpecifiedECDomain.cofactor": _w(
        "Cofactor",
        "RFC 3279 §2.3.5",
        "How many times more points the curve has than the base point reaches.",
        here="It is {value}.",
    ),
}
