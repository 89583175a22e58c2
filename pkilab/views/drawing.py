"""Which card or table each noun of the model has."""

from __future__ import annotations

from functools import singledispatch

from pkilab.model.acts import (
    Batch,
    ClientConfigured,
    Configured,
    Found,
    Imported,
    Issued,
    KeyEncrypted,
    Reached,
    Reinitialized,
    Saved,
    ServerCertificate,
    Submitted,
)
from pkilab.model.aftercare import Adopted, Published, ResponderRenewed, Revoked, SettingsChanged
from pkilab.model.certificate import Certificate, Chain, IssuedCertificate, ListedPage, Listing
from pkilab.model.message import ReceivedMessage
from pkilab.model.own import OwnFiles
from pkilab.model.request import Receipt, Request, SigningRequest
from pkilab.model.uses import DocumentMade, Exported, FileSigned, Made, SignatureChecked, TlsTried
from pkilab.model.verdict import Judged
from pkilab.views import aftercare, cards, own, results, tables, uses
from pkilab.views.sheet import Sheet, Table


@singledispatch
def drawing(value: object) -> Sheet | Table:
    """Return the card or table of a noun.

    Raises:
        TypeError: it is none that can be drawn.
    """
    raise TypeError(f"nothing is drawn of a {type(value).__name__}")


@drawing.register
def _(value: Receipt) -> Sheet:
    return cards.request(value.request)


drawing.register(Request, cards.request)
drawing.register(SigningRequest, cards.signing_request)
drawing.register(Certificate, cards.certificate)
drawing.register(IssuedCertificate, cards.issued_certificate)
drawing.register(Chain, cards.chain)
drawing.register(Listing, tables.certificates)
drawing.register(ListedPage, tables.listed_page)
drawing.register(ReceivedMessage, cards.received)
drawing.register(Found, results.found)
drawing.register(Configured, results.configured)
drawing.register(Issued, results.issued)
drawing.register(Batch, results.batch)
drawing.register(KeyEncrypted, results.key_encrypted)
drawing.register(Imported, results.imported)
drawing.register(Reinitialized, results.reinitialized)
drawing.register(ClientConfigured, results.client_configured)
drawing.register(Reached, results.reached)
drawing.register(ServerCertificate, results.server_certificate)
drawing.register(Submitted, results.submitted)
drawing.register(Saved, results.saved)
drawing.register(OwnFiles, own.own_files)
drawing.register(Judged, uses.judged)
drawing.register(Exported, uses.exported)
drawing.register(TlsTried, uses.tls_tried)
drawing.register(FileSigned, uses.file_signed)
drawing.register(SignatureChecked, uses.signature_checked)
drawing.register(DocumentMade, uses.document_made)
drawing.register(Made, uses.made)
drawing.register(Revoked, aftercare.revoked)
drawing.register(Published, aftercare.published)
drawing.register(ResponderRenewed, aftercare.responder_renewed)
drawing.register(Adopted, aftercare.adopted)
drawing.register(SettingsChanged, aftercare.settings_changed)
