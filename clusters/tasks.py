"""Doors of the workers into the clusters app."""

from celery import shared_task

from clusters.services import applications, members


@shared_task
def purge_personal_data() -> None:
    """Delete applications and invitations that are done with; beat asks once a night."""
    applications.purge_applications()
    members.purge_invitations()
