"""Reading a submission that comes to the API: as JSON, or as a CSR whose envelope stands in the query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pkilab.errors import InvalidField, InvalidMessage
from pkilab.model.contact import MAX_CONTACT
from pkilab.model.names import MAX_HOST, RequestName
from pkilab.model.request import Submission, pem
from pkilab.model.submission import MAX_INSTANCE, MAX_SUBJECT, received

MEMBERS = {
    "Hostname": "host",
    "Instance": "instance",
    "Filename": "root",
    "Contents": "csr",
    "ContactName": "contact.name",
    "ContactPhone": "contact.phone",
    "ContactEmail": "contact.email",
    "Subject": "subject",
}
"""What a field of the SOAP service, by which sentences call it, is called in JSON."""

JSON = "application/json"
CSR_TYPES = ("application/pkcs10", "application/x-pem-file", "text/plain")
"""Media types of a CSR that comes alone, in PEM or DER (RFC 5967)."""

_BOUNDS = {
    "Hostname": MAX_HOST,
    "Instance": MAX_INSTANCE,
    "ContactName": MAX_CONTACT,
    "ContactPhone": MAX_CONTACT,
    "ContactEmail": MAX_CONTACT,
    "Subject": MAX_SUBJECT,
}
"""The most characters of each."""

_QUERY = ("host", "instance", "root", "contact_name", "contact_phone", "contact_email", "subject")


class UnsupportedMediaType(Exception):
    """The body is of a media type that is not read here."""


def decode(body: bytes, media: str, query: Mapping[str, str]) -> Submission:
    """Return what a client submits; `media` is the Content-Type without parameters, in lower case.

    Raises:
        UnsupportedMediaType: the body is neither JSON nor a CSR.
        InvalidMessage: the body cannot be read as what it says it is.
        InvalidField: a value breaks its rule; the field is called as in SOAP, see `MEMBERS`.
    """
    if media in CSR_TYPES:
        return _of_csr(body, query)
    if media == JSON or (media.startswith("application/") and media.endswith("+json")):
        if any(name in query for name in _QUERY):
            raise InvalidMessage("what is sent as JSON says all of it in JSON, and nothing in the query")
        return _of_json(body)
    raise UnsupportedMediaType


def _of_csr(body: bytes, query: Mapping[str, str]) -> Submission:
    der = body.startswith(b"\x30")  # a SEQUENCE; in PEM that is the digit 0, with which no frame begins
    text = pem("CERTIFICATE REQUEST", body) if der else body.decode("utf-8", "replace")
    host, instance, root, *contact, subject = (query.get(name, "") for name in _QUERY)
    name, phone, email = contact
    return _received(RequestName(host, instance, root), text, (name, phone, email), subject)


def _of_json(body: bytes) -> Submission:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidMessage("it is no JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise InvalidMessage("its JSON is no object")
    contact = found.get("contact", {})
    if not isinstance(contact, dict):
        raise InvalidMessage("its member contact is no object")
    host, instance, root = (_text(found, member) for member in ("host", "instance", "root"))
    person = (_text(contact, "name"), _text(contact, "phone"), _text(contact, "email"))
    return _received(RequestName(host, instance, root), _text(found, "csr"), person, _text(found, "subject"))


def _received(name: RequestName, csr: str, contact: tuple[str, str, str], subject: str) -> Submission:
    """Return the submission by the rule of all doors, after the bounds that OpenAPI tells, which count every character.

    XML may be laid out with white space round a text; in JSON and in a query white space is a part of it.
    """
    values = (name.host, name.instance, *contact, subject)
    for field, most, value in zip(_BOUNDS, _BOUNDS.values(), values, strict=True):
        if len(value) > most:
            raise InvalidField(field, f"at most {most} characters are allowed, these are {len(value)}; shorten it.")
    stripped = RequestName(name.host.strip(), name.instance.strip(), name.root.strip())
    return received(name=stripped, csr=csr, contact=contact, subject=subject)


def _text(found: dict[str, Any], member: str) -> str:
    value = found.get(member, "")
    if not isinstance(value, str):
        raise InvalidMessage(f"its member {member} is no text")
    return value


def _string(description: str, most: int | None = None, **more: Any) -> dict[str, Any]:
    bound = {} if most is None else {"maxLength": most}
    return {"type": "string", "description": description, **bound, **more}


_NAMES = {
    "host": _string("host name or IP address of the client", MAX_HOST, minLength=1, examples=["santiago.lab.test"]),
    "instance": _string("the client's instance; no colon, no slash", MAX_INSTANCE, minLength=1, examples=["Santiago"]),
    "root": _string("file root; not `cache`", pattern=r"^\s*[A-Za-z0-9_-]{1,64}\s*$", examples=["SantiagoDev"]),
}
_SUBJECT = _string("what the client says the subject is, in slash form; only a claim", MAX_SUBJECT)
_PERSON = {
    "name": _string("who answers for this client", MAX_CONTACT),
    "phone": _string("their phone number", MAX_CONTACT),
    "email": _string("their mail address", MAX_CONTACT),
}

BODY: dict[str, Any] = {
    "required": True,
    "content": {
        JSON: {
            "schema": {
                "title": "NewRequest",
                "type": "object",
                "required": ["csr", "host", "instance", "root"],
                "properties": {
                    "csr": _string("the certificate signing request in PEM (RFC 7468)", minLength=1),
                    **_NAMES,
                    "contact": {"type": "object", "properties": _PERSON},
                    "subject": _SUBJECT,
                },
            }
        },
        CSR_TYPES[0]: {"schema": {"type": "string", "description": "a CSR in PEM or DER; the rest in the query"}},
    },
}
"""The request body, as OpenAPI tells it."""

PARAMETERS: list[dict[str, Any]] = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": "with a CSR as body only",
        "schema": {key: value for key, value in schema.items() if key != "examples"},
    }
    for name, schema in {
        **_NAMES,
        **{f"contact_{part}": schema for part, schema in _PERSON.items()},
        "subject": _SUBJECT,
    }.items()
]
"""The query of a CSR that comes alone, as OpenAPI tells it."""
