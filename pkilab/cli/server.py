"""`pkilab server …`: the tasks of a CA's operator."""

from __future__ import annotations

from typing import Annotated

import typer

from pkilab.cli import asking, media, printing, server_configure, server_issue, server_revoke
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command, pages
from pkilab.cli.fields import ALL, PAGE, After, Limit, RequestId, Search, option
from pkilab.cli.sending import send, send_quietly

app = typer.Typer(no_args_is_help=True, help="The CA server: its operator's tasks.")

Fingerprints = Annotated[
    bool, option("--fingerprints", None, "Show them too: let the contact read one out before you look.")
]
Pem = Annotated[bool, option("--pem", None, "Show the request in PEM too.")]
Yes = Annotated[bool, option("--yes", None, "Do it without asking.")]
Reason = Annotated[str, option("--reason", "TEXT", "Why; the contact is told.")]


server_configure.add(app)


@command(app, "pending", then=send_quietly)
def pending(call: Call) -> Answer:
    """List the requests that wait, the oldest first."""
    from pkilab.views import tables

    found = call.server.pending()
    return Answer(value=found, show=lambda: printing.table(tables.requests(found)))


@command(app, "show")
def show(call: Call, *, id: RequestId, fingerprints: Fingerprints = False, pem: Pem = False) -> Answer:  # noqa: A002
    """Show a request in full, with what to look at twice before deciding."""
    from pkilab.model.record import record
    from pkilab.views import text

    server = call.server
    request = server.request(id)
    warnings = server.warnings(request)
    place = call.lab.media.of(server.instance)

    def told() -> None:
        if not place.there:
            media.remind(place)
        printing.lines(text.request(request, warnings=warnings, fingerprints=fingerprints, pem=pem))

    return Answer(value={**record(request), "warnings": warnings, "key_place": place}, show=told)


server_issue.add(app)


@command(app, "delete", then=send)
def delete(call: Call, *, id: RequestId, yes: Yes = False, reason: Reason = "") -> Answer:  # noqa: A002
    """Delete a request that waits. Its contact is told by mail."""
    server = call.server
    done = asking.confirmed(lambda sure: server.delete(id, confirmed=sure, reason=reason), yes=yes)
    return Answer(value=done, show=lambda: printing.line(f"Request {done.id} ({done.root}) was deleted."))


@command(app, "certificates")
def certificates(call: Call, *, search: Search = "", after: After = 0, limit: Limit = None) -> Answer:
    """List the certificates that this CA issued, in the order of issue."""
    from pkilab.views import tables

    server = call.server
    if call.json and limit is None:
        first = server.certificates(search=search, after=after, limit=ALL)
        rows = pages(first, lambda at: server.certificates(search=search, after=at, limit=ALL))
        return Answer(value=rows, show=lambda: None)
    page = server.certificates(search=search, after=after, limit=PAGE if limit is None else limit)

    def show_page() -> None:
        printing.table(tables.certificates(page))
        printing.more(page.after)

    return Answer(value=page.certificates, show=show_page)


server_revoke.add(app)


@command(app, "make-main")
def make_main(call: Call) -> Answer:
    """Make this CA the lab's main one, which clients reach at the default path."""
    from pkilab.model.settings import DEFAULT_PATH

    name = call.server.instance
    call.lab.main_ca = name
    message = f"{name} is the lab's main CA now; clients reach it at {DEFAULT_PATH}, too."
    return Answer(value={"instance": name, "message": message}, show=lambda: printing.line(message))
