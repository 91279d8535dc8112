"""The one page of the cellar: refusing mails."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.mail.optout import can_opt_out, opt_in, opt_out, opted_out, read_token


# The signed link is the proof: mail programs post here for their owner, without cookies (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; pressing it, or a mail program's one click, ends mails of this kind."""
    subscription = read_token(token)
    if subscription is None or not can_opt_out(subscription.kind):
        raise Http404
    address, kind = subscription.address, subscription.kind
    if request.method == "POST":
        if request.POST.get("action") == "subscribe":
            opt_in(address=address, kind=kind)
        else:
            opt_out(address=address, kind=kind)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(status=204)
    context = {
        "address": address,
        "kind_label": kind.label,
        "is_out": bool(opted_out([address], kind)),
        "was_changed": request.method == "POST",
    }
    return render(request, "core/unsubscribe.html", context)
