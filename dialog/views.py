"""Pages that mix apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Say what the portal is and show what is new."""
    return render(request, "dialog/home.html")
