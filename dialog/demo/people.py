"""The accounts everybody may try."""

from allauth.account.models import EmailAddress
from django.db import models

from accounts.models import User
from clusters.choices import Role
from clusters.models import Membership
from core.imports import save_row
from dialog.demo.files import Plot

STAFF = "staff"
DOMAIN = "portal.example"
# Account, the cluster it belongs to, the role there, the name people see.
ACCOUNTS = (
    (STAFF, "", "", "Geschäftsstelle (Demo)"),
    ("manager.its-owl", "its-owl", Role.MANAGER, "Clustermanagement it's OWL (Demo)"),
    ("manager.bio-nrw", "bio-nrw", Role.MANAGER, "Clustermanagement BIO.NRW (Demo)"),
    (
        "manager.umweltwirtschaft-nrw",
        "umweltwirtschaft-nrw",
        Role.MANAGER,
        "Clustermanagement Umweltwirtschaft.NRW (Demo)",
    ),
    ("member.its-owl", "its-owl", Role.MEMBER, "Mitarbeit it's OWL (Demo)"),
)


def plant(plot: Plot, password: str) -> None:
    """Make the accounts with verified addresses; all have the same password."""
    for account, slug, role, name in ACCOUNTS:
        email = f"{account}@{DOMAIN}"

        def write(
            pk: int | None, email: str = email, name: str = name, account: str = account
        ) -> models.Model:
            user = save_row(
                User,
                pk,
                natural_key={"email": email},
                name=name,
                is_staff=account == STAFF,
                is_superuser=account == STAFF,
                is_demo=True,
            )
            EmailAddress.objects.update_or_create(
                user=user, email=email, defaults={"verified": True, "primary": True}
            )
            return user

        plot.run.put("accounts.user", account, [email, name], write)
        user = User.objects.filter(email=email).first()
        if user is None:
            continue
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        if slug:
            plot.put(
                Membership,
                account,
                [account, slug, role],
                natural_key={"user": user, "cluster": plot.clusters[slug], "ended_at": None},
                values={"role": role},
            )


def find(account: str) -> User | None:
    """Return a demo account, or None when somebody has deleted it."""
    return User.objects.filter(email=f"{account}@{DOMAIN}").first()
