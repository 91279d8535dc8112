"""Pages about one's own account. Sign-in, password and second factor are allauth's."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.access import get_token_for_revoke
from accounts.choices import TokenScope
from accounts.forms import DeleteAccountForm, ProfileForm, TokenForm
from accounts.http import signed_in
from accounts.languages import remember_language, reverse_in
from accounts.models import User
from core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the account and change name and language."""
    user = signed_in(request)
    # A copy: a form that fails must not change the name in the frame of the page.
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        services.change_profile(user=user, **form.cleaned_data)
        with override(user.language):
            messages.success(request, _("Your changes are saved."))
        response = redirect(reverse_in(user.language, "accounts:account"))
        remember_language(response, user.language)
        return response
    context = {"form": form, "tokens": user.api_tokens.active().count()}
    return render(request, "accounts/account.html", context)


@login_required
@require_http_methods(["GET", "HEAD"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the person's API tokens."""
    context = {"tokens": signed_in(request).api_tokens.all()}
    return render(request, "accounts/token_list.html", context)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """Make an API token; the answer to the form is the only page that ever shows its secret."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = services.create_token(
                user=signed_in(request),
                name=form.cleaned_data["name"],
                scope=TokenScope(form.cleaned_data["scope"]),
                days=form.cleaned_data["days"],
            )
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            context = {"token": token, "secret": secret}
            return render(request, "accounts/token_created.html", context)
    return render(request, "accounts/token_create.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then revoke a token."""
    token = get_token_for_revoke(signed_in(request), pk)
    if request.method == "POST":
        services.revoke_token(token=token)
        messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
        return redirect("accounts:token-list")
    return render(request, "accounts/token_revoke.html", {"token": token})


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def account_delete(request: HttpRequest) -> HttpResponse:
    """Say what will go and what stays, ask, then delete the account."""
    user = signed_in(request)
    form = DeleteAccountForm(request.POST if request.method == "POST" else None)
    try:
        services.check_account_deletion(user=user)
        if request.method == "POST" and form.is_valid():
            services.delete_account(user=user)
            logout(request)
            messages.success(request, _("Your account is deleted."))
            return redirect("dialog:home")
    except DomainError as error:
        context = {"obstacle": error.message}
        return render(request, "accounts/account_delete.html", context, status=409)
    return render(request, "accounts/account_delete.html", {"form": form})
