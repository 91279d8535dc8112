"""Signing in as people do, for pages that ask who somebody is once more."""

from allauth.account.models import EmailAddress
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "correct horse battery"


def sign_in(client: Client, user: User, password: str = PASSWORD) -> HttpResponseBase:
    """Fill in the sign-in page; the person's address counts as confirmed."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def prove(client: Client, user: User) -> None:
    """Sign in, and enter the password once more as sensitive pages ask."""
    sign_in(client, user)
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert response.status_code == 302
