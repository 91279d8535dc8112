"""What allauth asks us about accounts and mails."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.languages import remember_language, reverse_in
from accounts.mails import account_mail
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation; their mails go through the outbox like all others."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no usernames."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail in the language of whoever has the address, else in the page's."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else get_language() or settings.LANGUAGE_CODE
        account_mail(template_prefix, to=email, user=user, language=language, context=context)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        return reverse_in(user.language, settings.LOGIN_REDIRECT_URL)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, named after the portal."""
