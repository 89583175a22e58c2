"""The tasks of a desk: their names, groups, and how each is made from an instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pkilab.forms.view import FormView, Surroundings

if TYPE_CHECKING:
    from pkilab.forms.configure_client import Suggested
    from pkilab.lab import Instance


class Part(StrEnum):
    """Whose desk it is: both parts', or one's alone."""

    BOTH = "both"
    OPERATOR = "operator"
    CLIENT = "client"


class Group(StrEnum):
    """The groups of tasks, as people read them."""

    FIRST = ""
    CLIENT = "Certificate Authority Client"
    SERVER = "Certificate Authority Server"
    LAB = "Lab"


Make = Callable[["Instance", Surroundings], FormView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task: its id (which is also the desk's method), what people call it, where it stands, how it is made."""

    id: str
    label: str
    group: Group
    make: Make
    counted: str = "waiting"
    """What a number beside it counts."""
    parts: tuple[Part, ...] = tuple(Part)
    """The parts that have it, where not all that have its group do."""


_OPERATORS = (Part.BOTH, Part.OPERATOR)


def _configure_client(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.configure_client import ConfigureClient, ConfigureClientView

    form = ConfigureClient(instance.client, _suggested(instance))
    return ConfigureClientView(form, around, suggestion=lambda: _suggested(instance))


def _suggested(instance: Instance) -> Suggested | None:
    """Return where the lab's own web service is, if it runs with a main CA."""
    from pkilab.forms.configure_client import Suggested

    status = instance.lab.status()
    parts = [part for running in (status.running, status.dashboards) if running for part in running.parts]
    url = next((part.url for part in parts if part.name == "web" and part.url), "")
    if not url or not any(queue.main for queue in status.queues):
        return None
    return Suggested(host="localhost", port=urlsplit(url).port or 80)


def _submit(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.submit import Submit
    from pkilab.forms.submit_view import SubmitView

    return SubmitView(Submit(instance.client), around)


def _get_certificates(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.get_certificates import GetCertificates, GetCertificatesView

    return GetCertificatesView(GetCertificates(instance.client), around)


def _own(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.own import Own
    from pkilab.forms.own_view import OwnView

    # A visitor of the clients' dashboard names no files of this machine.
    return OwnView(Own(instance.client, paths=around.for_operator), around)


def _visitors(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.visitors import AdmitVisitors, AdmitVisitorsView

    return AdmitVisitorsView(AdmitVisitors(instance.lab.visitors), around)


def _overview(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.overview import Overview, OverviewView

    server = instance.server if around.for_operator else None
    client = instance.client if around.for_client else None
    lab = instance.lab
    model = Overview(
        server,
        client,
        clock=lab.clock,
        ca_elsewhere=lambda: lab.main_ca is not None,
        key=lambda: lab.media.of(instance.name),
    )
    return OverviewView(model, around, name=instance.name)


def _inbox(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.inbox import Inbox, InboxView

    return InboxView(Inbox(instance.lab, instance.name, operator=around.for_operator), around)


def _pending(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.pending import PendingRequests
    from pkilab.forms.pending_view import PendingView

    return PendingView(PendingRequests(instance.server), around)


def _certificates(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.certificates import Certificates, CertificatesView

    return CertificatesView(Certificates(instance.server), around)


def _configure_server(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.configure_server import ConfigureServer
    from pkilab.forms.configure_server_view import ConfigureServerView

    return ConfigureServerView(ConfigureServer(instance.server, clock=instance.lab.clock), around)


def _revocation(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.revocation import Revocation, RevocationView

    return RevocationView(Revocation(instance.server), around)


def _journal(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.journal import Journal, JournalView

    return JournalView(Journal(instance.server), around)


def _media(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.forms.media import UseMedia, UseMediaView

    return UseMediaView(UseMedia(instance.lab.media), around)


def _explain(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.desk.library import Library
    from pkilab.forms.explain import Explain
    from pkilab.forms.explain_view import ExplainView

    part = Part.CLIENT if not around.for_operator else Part.OPERATOR if not around.for_client else Part.BOTH
    return ExplainView(Explain(Library(instance, part)), around)


def _verify(instance: Instance, around: Surroundings) -> FormView:
    from pkilab.desk.library import Library
    from pkilab.forms.verify import Verify, VerifyView

    part = Part.CLIENT if not around.for_operator else Part.OPERATOR if not around.for_client else Part.BOTH
    return VerifyView(Verify(Library(instance, part)), around)


TASKS = (
    Task(id="overview", label="Where you stand", group=Group.FIRST, make=_overview),
    Task(id="pending", label="Pending requests", group=Group.SERVER, make=_pending),
    Task(id="certificates", label="Issued certificates", group=Group.SERVER, make=_certificates),
    Task(id="revocation", label="Revocation", group=Group.SERVER, make=_revocation),
    Task(id="configure_server", label="Configure this server", group=Group.SERVER, make=_configure_server),
    Task(id="submit", label="Submit a request", group=Group.CLIENT, make=_submit),
    Task(id="get_certificates", label="Get certificates", group=Group.CLIENT, make=_get_certificates),
    Task(id="own", label="Your certificates", group=Group.CLIENT, make=_own),
    Task(id="configure_client", label="Configure this client", group=Group.CLIENT, make=_configure_client),
    Task(id="inbox", label="Inbox", group=Group.LAB, make=_inbox, counted="received"),
    Task(id="verify", label="Verify", group=Group.LAB, make=_verify),
    Task(id="explain", label="Explain", group=Group.LAB, make=_explain),
    Task(id="journal", label="Journal", group=Group.LAB, make=_journal, parts=_OPERATORS),
    Task(id="media", label="Media", group=Group.LAB, make=_media, parts=_OPERATORS),
    Task(id="visitors", label="Visitors", group=Group.LAB, make=_visitors, parts=(Part.OPERATOR,)),
)
"""All tasks, in the order in which they are listed."""
_GROUPS = {
    Part.BOTH: (Group.FIRST, Group.SERVER, Group.CLIENT, Group.LAB),
    Part.OPERATOR: (Group.FIRST, Group.SERVER, Group.LAB),
    Part.CLIENT: (Group.FIRST, Group.CLIENT, Group.LAB),
}


def of(part: Part) -> tuple[Task, ...]:
    """Return the tasks of a part, group by group."""
    return tuple(task for group in _GROUPS[part] for task in TASKS if task.group is group and part in task.parts)


def named(name: str) -> Task:
    """Return the task of this id.

    Raises:
        KeyError: there is none.
    """
    return {task.id: task for task in TASKS}[name]
