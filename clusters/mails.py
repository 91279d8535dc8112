"""The mails of this app: one function a mail, each in its reader's language."""

from clusters.choices import ReviewState
from clusters.models import Application, ChangeRequest, Cluster, MembershipInvitation
from core import mail
from core.choices import MailKind

_DECISIONS = {
    ReviewState.ACCEPTED: "clusters/change_accepted",
    ReviewState.CHANGES_REQUESTED: "clusters/change_returned",
    ReviewState.DECLINED: "clusters/change_declined",
}


def change_decided(change: ChangeRequest) -> None:
    """Tell the author what staff decided about their change, and why."""
    if change.author is None:
        return
    mail.send(
        name=_DECISIONS[ReviewState(change.state)],
        to=change.author.email,
        to_name=change.author.name,
        language=change.author.language,
        kind=MailKind.REVIEW,
        context={"change": change, "cluster": change.cluster},
    )


def member_invited(invitation: MembershipInvitation, token: str) -> None:
    """Send the link that lets its holder take a role in the cluster."""
    mail.send(
        name="clusters/member_invited",
        to=invitation.email,
        language=invitation.language,
        kind=MailKind.ACCOUNT,
        context={
            "invitation": invitation,
            "cluster": invitation.cluster,
            "inviter": invitation.invited_by,
            "token": token,
        },
    )


def contact_message_received(
    cluster: Cluster,
    reader: tuple[str, str, str],
    *,
    name: str,
    email: str,
    message: str,
    language: str,
) -> bool:
    """Pass a visitor's message on to ``reader`` (address, name, language), who answers directly.

    Returns False when the reader wants no such mails.
    """
    address, reader_name, reader_language = reader
    sent = mail.send(
        name="clusters/contact_message",
        to=address,
        to_name=reader_name,
        language=reader_language,
        kind=MailKind.CONTACT,
        reply_to=email,
        context={
            "cluster": cluster,
            "sender_name": name,
            "sender_email": email,
            "message": message,
            "sender_language": language,
        },
    )
    return sent is not None


_APPLICATION_NEWS = {
    ReviewState.SUBMITTED: "clusters/application_received",
    ReviewState.ACCEPTED: "clusters/application_accepted",
    ReviewState.CHANGES_REQUESTED: "clusters/application_returned",
    ReviewState.DECLINED: "clusters/application_declined",
}


def application_moved(application: Application, token: str = "") -> None:
    """Tell the applicant where the application stands; ``token`` opens it for changes."""
    mail.send(
        name=_APPLICATION_NEWS[ReviewState(application.state)],
        to=application.contact_email,
        to_name=application.contact_name,
        language=application.language,
        kind=MailKind.ACCOUNT,
        context={"application": application, "token": token},
    )
