"""Writing to a cluster."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.access import get_cluster_for_contact
from clusters.forms.contact import ContactForm
from clusters.services.contact import send_contact_message
from core.http import client_address
from core.limits import within

MESSAGES_PER_HOUR = 5


@require_http_methods(["GET", "HEAD", "POST"])
def cluster_contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Let anybody write to a cluster without learning its addresses."""
    cluster = get_cluster_for_contact(request.user, slug)
    form = ContactForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid() and _may_send(request, form):
        values = form.cleaned_data
        send_contact_message(
            cluster=cluster,
            name=values["name"],
            email=values["email"],
            message=values["message"],
            language=get_language() or "de",
        )
        return redirect("clusters:cluster-contact-sent", slug)
    context = {"cluster": cluster, "form": form, "crumbs": _crumbs(cluster, _("Write"))}
    return render(request, "clusters/contact.html", context)


@require_safe
def cluster_contact_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what happens with the message now."""
    cluster = get_cluster_for_contact(request.user, slug)
    context = {"cluster": cluster, "crumbs": _crumbs(cluster, _("Message sent"))}
    return render(request, "clusters/contact_sent.html", context)


def _crumbs(cluster: object, last: str) -> list[tuple[str, str]]:
    url = cluster.get_absolute_url()  # type: ignore[attr-defined]
    return [(_("Clusters"), reverse("clusters:cluster-list")), (str(cluster), url), (last, "")]


def _known(request: HttpRequest) -> dict[str, str]:
    if not request.user.is_authenticated:
        return {}
    return {"name": request.user.name, "email": request.user.email}


def _may_send(request: HttpRequest, form: ContactForm) -> bool:
    """Count the messages of this connection; too many put an error on the form."""
    if within("message_to_cluster", client_address(request), limit=MESSAGES_PER_HOUR, seconds=3600):
        return True
    form.add_error(None, _("Too many messages came from your connection. Try again in an hour."))
    return False
