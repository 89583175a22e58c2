"""Why a mail server did not take a mail, in words for people. Pure; no secret gets into any of them."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl

from pkilab.errors import MailNotSent
from pkilab.mail.server import Server
from pkilab.model.settings import MailSecurity
from pkilab.model.text import one_line

DOES_NOT_RUN = "it does not run; start it with `pkilab mail`"
"""Said of the lab's own inbox."""
_ANSWER = 200
"""Characters of a server's own words that are repeated to people."""
_NO_ANSWER = "it did not answer in time; check host and port, and that it runs"
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, _NO_ANSWER),
    (socket.gaierror, "no address is known for this name; check the host"),
    (ConnectionRefusedError, "nobody listens there; check host and port, and that it runs"),
    (smtplib.SMTPServerDisconnected, "it ended the connection; check port and security, and that it runs"),
    (ConnectionError, "it ended the connection; check port and security, and that it runs"),
    (UnicodeError, "user name or password have characters that SMTP cannot carry"),
)
_REFUSED = {
    smtplib.SMTPSenderRefused: "the sender",
    smtplib.SMTPDataError: "the message",
}


def reason(error: Exception, server: Server, *, encrypted: bool, hung_up: bool) -> MailNotSent:
    """Return what an exception of a conversation with `server` means.

    `encrypted` tells how far the conversation had come, `hung_up` that we ended it as it took too long. What the
    server said is told too, unless it could hold the password.
    """
    if hung_up or isinstance(error.__context__, TimeoutError):  # smtplib tells of the latter as of a connection lost
        return MailNotSent(str(server), _NO_ANSWER)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        why = (
            f"it refused the log-in of {server.username} (code {error.smtp_code}); check user name and password, "
            "and configure them anew"
        )
        return MailNotSent(str(server), why)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()), (0, b""))
        return _refused(server, "the recipient", code, answer)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(server, _REFUSED.get(type(error), "the conversation"), error.smtp_code, error.smtp_error)
    return MailNotSent(str(server), _tls(error) or _offer(error, server, encrypted=encrypted) or _plain(error, server))


def _refused(server: Server, what: str, code: int, answer: bytes | str) -> MailNotSent:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    told = "" if any(secret in text for secret in _secrets(server)) else one_line(text)[:_ANSWER].rstrip(". ")
    return MailNotSent(str(server), f"it refused {what} (code {code}{f': {told}' if told else ''})", code >= 500)


def _secrets(server: Server) -> tuple[str, ...]:
    """Return how the password may look in an answer of a server that repeats what it was sent."""
    if not server.password:
        return ()
    octets = server.password.encode("utf-8", "surrogateescape")
    both = f"\0{server.username}\0".encode("utf-8", "surrogateescape") + octets
    return (server.password, base64.b64encode(octets).decode(), base64.b64encode(both).decode())


def _tls(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({error.verify_message.rstrip('.')}), so nothing was told to it; "
            "name a file of what to trust in the mail settings, or give the server another certificate"
        )
    if isinstance(error, ssl.SSLError):
        mend = "check port and security; STARTTLS and TLS are usually on different ports"
        return f"TLS could not be agreed on ({one_line(error.reason or 'no reason given')}); {mend}"
    return ""


def _offer(error: Exception, server: Server, *, encrypted: bool) -> str:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        what = "STARTTLS" if server.security is MailSecurity.STARTTLS and not encrypted else "to log in"
        return f"it does not offer {what}, so nothing was sent; choose other mail settings"
    if type(error) is smtplib.SMTPException:
        return "it offers no way to log in that is known here; choose other mail settings"
    return ""


def _plain(error: Exception, server: Server) -> str:
    if isinstance(error, ConnectionRefusedError) and server.token:
        return DOES_NOT_RUN
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be reached ({error.strerror[:1].lower()}{error.strerror[1:]})"
    return "it does not speak SMTP as expected; check host, port and security"
