"""Messages from visitors to clusters."""

from django.conf import settings
from django.db import transaction

from clusters import mails
from clusters.models import Cluster, Membership


@transaction.atomic
def send_contact_message(
    *, cluster: Cluster, name: str, email: str, message: str, language: str
) -> None:
    """Pass a visitor's message on to the managers of a cluster, whose addresses stay hidden.

    Where nobody manages the profile yet it goes to the cluster's contact address, and where
    there is none, or nobody wants such mails, to the office. ``language`` is the visitor's.
    """
    managers = Membership.objects.managers().filter(cluster=cluster, user__is_active=True)
    readers = [
        (member.user.email, member.user.name, member.user.language)
        for member in managers.select_related("user")
    ]
    if not readers and cluster.contact_email:
        readers = [(cluster.contact_email, "", settings.LANGUAGE_CODE)]
    sent = [
        mails.contact_message_received(
            cluster, reader, name=name, email=email, message=message, language=language
        )
        for reader in readers
    ]
    if not any(sent):
        office = (settings.CONTACT_EMAIL, "", settings.LANGUAGE_CODE)
        mails.contact_message_received(
            cluster, office, name=name, email=email, message=message, language=language
        )
