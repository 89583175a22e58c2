"""The API's read part (W3): the CA, its certificate and chain, what it issued."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from starlette.responses import JSONResponse, Response

from pkilab.errors import UnknownNumber
from pkilab.model.addresses import crl_path, ocsp_path
from pkilab.model.certificate import MAX_SERIAL, IssuedCertificate
from pkilab.model.record import record
from pkilab.web.addresses import soap_path
from pkilab.web.authorities import CA
from pkilab.web.shapes import Fingerprints, Information, Links, OneCertificate, Page, RevocationShown, Row, problems

Form = Literal["pem", "der", "json"]

_DECIMAL = re.compile(r"[0-9]{1,49}", re.ASCII)
_MEDIA: dict[Form, str] = {"pem": "application/x-pem-file", "der": "application/pkix-cert", "json": "application/json"}
_ACCEPTED: dict[str, Form] = {
    "application/pkix-cert": "der",
    "application/x-x509-ca-cert": "der",
    "application/json": "json",
    "application/x-pem-file": "pem",
    "text/plain": "pem",
}
_CHAIN = "application/pem-certificate-chain"
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_PROBLEMS = problems(404, 422)
_CERTIFICATE: dict[int | str, dict[str, Any]] = {
    200: {
        "model": OneCertificate,
        "description": "The certificate",
        "content": {_MEDIA["pem"]: _TEXT, _MEDIA["der"]: {"schema": {"type": "string", "format": "binary"}}},
    },
    **_PROBLEMS,
}
_ANY_CHAIN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The CA's certificate and those above it", "content": {_CHAIN: _TEXT}},
    **_PROBLEMS,
}

# Clients name what they filter by as on the wire; longer words match nothing.
Words = Annotated[str, Query(max_length=200)]
Accept = Annotated[str, Header()]
Format = Annotated[Form | None, Query(description="weighs more than the Accept header")]


def router(ca_of: Callable[[str], CA]) -> APIRouter:
    """Return the read part of all CAs' API; each route takes the CA's instance from its path."""
    routes = APIRouter(tags=["CA"])

    @routes.get("/{instance}/api", summary="Who the CA is", responses=_PROBLEMS)
    def information(instance: str) -> Information:
        return _information(ca_of(instance))

    @routes.get("/{instance}/api/certificate", summary="The CA's own certificate", responses=_CERTIFICATE)
    def own_certificate(instance: str, accept: Accept = "", format: Format = None) -> Response:  # noqa: A002
        return _certificate(ca_of(instance).ca_certificate(), format or _wanted(accept))

    @routes.get(
        "/{instance}/api/chain",
        summary="The CA's certificate and those above it, in PEM",
        responses=_ANY_CHAIN,
        response_class=Response,
    )
    def chain(instance: str) -> Response:
        return Response(ca_of(instance).chain().pem, media_type=_CHAIN)

    @routes.get("/{instance}/api/certificates", summary="What the CA issued, in pages", responses=_PROBLEMS)
    def certificates(
        *,
        instance: str,
        search: Words = "",
        host: Words = "",
        instance_: Annotated[str, Query(alias="instance", max_length=200)] = "",
        after: Annotated[int, Query(ge=0, lt=1 << 63)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> Page:
        found = ca_of(instance).certificates(search=search, host=host, instance=instance_, after=after, limit=limit)
        rows = [Row(**_row(certificate)) for certificate in found.certificates]
        return Page(certificates=rows, total=found.total, after=found.after)

    @routes.get("/{instance}/api/certificates/{number}", summary="One certificate", responses=_CERTIFICATE)
    def certificate(instance: str, number: str, accept: Accept = "", format: Format = None) -> Response:  # noqa: A002
        ca = ca_of(instance)
        if not _DECIMAL.fullmatch(number) or int(number) > MAX_SERIAL:
            raise UnknownNumber(number[:60])
        return _certificate(ca.certificate(int(number)), format or _wanted(accept))

    return routes


def _information(ca: CA) -> Information:
    settings, certificate = ca.settings, ca.ca_certificate()
    api = f"/{ca.instance}/api"
    return Information(
        instance=ca.instance,
        node=settings.node,
        root=settings.root,
        subject=certificate.subject,
        fingerprint=Fingerprints(sha1=certificate.fingerprint.sha1, sha256=certificate.fingerprint.sha256),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        links=Links(
            soap=soap_path(ca.instance),
            certificate=f"{api}/certificate",
            chain=f"{api}/chain",
            certificates=f"{api}/certificates",
            requests=f"{api}/requests",
            crl=crl_path(ca.instance),
            ocsp=ocsp_path(ca.instance),
        ),
    )


def _row(certificate: IssuedCertificate) -> dict[str, Any]:
    found = certificate.revocation
    return {
        "number": str(certificate.number),
        "host": certificate.name.host,
        "instance": certificate.name.instance,
        "root": certificate.root,
        "subject": certificate.subject,
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
        "state": str(certificate.state),
        "revocation": RevocationShown(reason=found.reason, at=found.at) if found else None,
        "renews": None if certificate.renews is None else str(certificate.renews),
        "renewed_by": None if certificate.renewed_by is None else str(certificate.renewed_by),
    }


def _certificate(certificate: IssuedCertificate, form: Form) -> Response:
    headers = {"Vary": "Accept"}
    if form == "pem":
        return Response(certificate.pem, headers=headers, media_type=_MEDIA["pem"])
    if form == "der":
        return Response(certificate.certificate.der, headers=headers, media_type=_MEDIA["der"])
    fingerprint = Fingerprints(sha1=certificate.fingerprint.sha1, sha256=certificate.fingerprint.sha256)
    one = OneCertificate(
        **_row(certificate), names=list(certificate.names), fingerprint=fingerprint, pem=certificate.pem
    )
    return JSONResponse(record(one), headers=headers)


def _wanted(accept: str) -> Form:
    """Return the form that an Accept header (RFC 9110 §12.5.1) wants most; PEM where it names none of ours."""
    best: tuple[float, Form] = (0.0, "pem")
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media in _ACCEPTED and (weight := _weight(parameters)) > best[0]:
            best = (weight, _ACCEPTED[media])
    return best[1]


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
