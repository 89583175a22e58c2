"""What a CA's operator has to see to: revocation lists, the responder's certificate and the CA's own run out (X2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pkilab.model.alert import Alert
from pkilab.model.times import moment
from pkilab.store import crls, responders
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction

_LAST_PART = 4
"""Warnings begin in the last quarter of a validity."""
_OWN_DAYS = 30
_PUBLISH, _RENEW = "pkilab server publish-crl", "pkilab server renew-responder"


def alerts(tx: Transaction, authority: Authority, now: datetime) -> tuple[Alert, ...]:
    """Return what of a CA runs out soon, is over, or is missing although certificates name it."""
    return (*_lists(tx, authority, now), *_responder(tx, authority, now), *_own(authority, now))


def _lists(tx: Transaction, authority: Authority, now: datetime) -> Iterator[Alert]:
    settings = authority.settings
    found = crls.described(tx, settings.instance)
    if not found:
        if settings.addresses is not None:
            yield Alert(
                ca=settings.instance,
                about="crl",
                until=None,
                over=True,
                sentence=f"{settings.instance} names the address of its revocation list in what it issues, and has "
                f"published none yet. Publish one.",
                command=_PUBLISH,
            )
        return
    last = found[-1]
    left, validity = last.next_update - now, last.next_update - last.this_update
    if left > validity / _LAST_PART:
        return
    which = f"revocation list of {settings.instance}, number {last.number},"
    when = moment(last.next_update)
    over = left <= timedelta(0)
    sentence = (
        f"The last {which} ran out on {when}: whoever checks revocation refuses all that this CA issued. Publish one."
        if over
        else f"The last {which} runs out on {when}. Publish the next one."
    )
    yield Alert(
        ca=settings.instance, about="crl", until=last.next_update, over=over, sentence=sentence, command=_PUBLISH
    )


def _responder(tx: Transaction, authority: Authority, now: datetime) -> Iterator[Alert]:
    settings = authority.settings
    certificate = responders.newest(tx, settings.instance)
    if certificate is None:
        if settings.addresses is not None:
            yield Alert(
                ca=settings.instance,
                about="responder",
                until=None,
                over=True,
                sentence=f"{settings.instance} names the address of its OCSP responder in what it issues, and that "
                "has no certificate yet. Make one.",
                command=_RENEW,
            )
        return
    left, validity = certificate.not_after - now, certificate.not_after - certificate.not_before
    if left > validity / _LAST_PART:
        return
    when = moment(certificate.not_after)
    over = left <= timedelta(0)
    what = f"The certificate of the OCSP responder of {settings.instance}"
    sentence = (
        f"{what} expired on {when}: OCSP is answered with tryLater. Renew it."
        if over
        else f"{what} expires on {when}. Renew it."
    )
    until = certificate.not_after
    yield Alert(ca=settings.instance, about="responder", until=until, over=over, sentence=sentence, command=_RENEW)


def _own(authority: Authority, now: datetime) -> Iterator[Alert]:
    settings, certificate = authority.settings, authority.certificate
    if certificate.not_after - now > timedelta(days=_OWN_DAYS):
        return
    over = certificate.not_after <= now
    when = moment(certificate.not_after)
    sentence = f"The certificate of the CA {settings.instance} {'expired' if over else 'expires'} on {when}, and "
    sentence += "nothing that it issued is valid any more." if over else "nothing that it issued outlives it."
    yield Alert(ca=settings.instance, about="ca", until=certificate.not_after, over=over, sentence=sentence)
