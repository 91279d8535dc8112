"""The frame around every page, and how forms and lists are marked up."""

import re
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from dialog.templatetags.frame import read_source, read_sources
from tests.factories import make_cluster, make_user

pytestmark = pytest.mark.django_db


class Example(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")])
    way = forms.ChoiceField(
        label="Way", choices=[("x", "X"), ("y", "Y")], widget=forms.RadioSelect, required=False
    )
    agreed = forms.BooleanField(label="Agreed")


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_page_names_its_language_and_the_same_page_in_the_other(
    client: Client, settings: Any
) -> None:
    html = page(client, "/de/imprint/?a=1&b=%C3%BC")
    assert '<html lang="de"' in html
    english = f"{settings.BASE_URL}/en/imprint/?a=1&amp;b=%C3%BC"
    assert f'hreflang="en" href="{english}"' in html
    assert re.search(r'class="cd-meta__link" href="/en/imprint/\?a=1&amp;b=%C3%BC"', html)


def test_language_switch_keeps_the_profile_of_a_cluster(client: Client) -> None:
    cluster = make_cluster()
    html = page(client, f"/de/clusters/{cluster.slug}/")
    assert f'href="/en/clusters/{cluster.slug}/" hreflang="en"' in html


def test_language_switch_of_a_missing_page_stays_below_the_other_language(client: Client) -> None:
    response = client.get("/de/not/there/")
    assert response.status_code == 404
    assert 'href="/en/not/there/" hreflang="en"' in response.content.decode()


def test_page_has_one_heading_landmarks_and_skip_links(client: Client) -> None:
    html = page(client, "/de/")
    assert len(re.findall(r"<h1[\s>]", html)) == 1
    assert html.count("<main ") == 1
    for target in ("content", "navigation", "footer"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_page_carries_nothing_a_strict_policy_blocks(client: Client) -> None:
    for path in ("/de/", "/de/contact/", "/de/account/login/", "/de/privacy/"):
        html = page(client, path)
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html), path
        scripts = re.findall(r"<script\b([^>]*)>", html)
        assert scripts
        assert all("src=" in script or "application/json" in script for script in scripts), path


def test_htmx_is_told_to_stay_within_the_policy(client: Client) -> None:
    html = page(client, "/de/")
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", html)
    assert config
    assert '"allowEval":false' in config[1]
    assert '"includeIndicatorStyles":false' in config[1]
    assert "X-CSRFToken" in html


def test_demo_banner_is_shown_only_by_a_demonstrator(client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert 'class="cd-demo"' in page(client, "/de/contact/")
    settings.DEMO = False
    assert 'class="cd-demo"' not in page(client, "/de/contact/")


def test_demo_people_are_offered_only_by_a_demonstrator(client: Client, settings: Any) -> None:
    make_user("office@demo.example", is_demo=True, is_staff=True)
    make_user("real@clusters.example")
    settings.DEMO = True
    html = page(client, "/de/account/login/")
    assert "office@demo.example" in html
    assert "real@clusters.example" not in html
    settings.DEMO = False
    assert "office@demo.example" not in page(client, "/de/account/login/")


def test_chosen_display_is_remembered_and_forgotten(client: Client) -> None:
    response = client.post("/de/display/", {"theme": "dark", "next": "/de/privacy/"})
    assert (response.status_code, response["Location"]) == (302, "/de/privacy/")
    assert 'data-kern-theme="dark"' in page(client, "/de/privacy/")
    client.post("/de/display/", {"theme": "", "next": "/de/"})
    assert "data-kern-theme" not in page(client, "/de/privacy/")


def test_display_switch_takes_neither_foreign_addresses_nor_unknown_values(client: Client) -> None:
    response = client.post("/de/display/", {"theme": '"><b', "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert "theme" not in response.cookies or not response.cookies["theme"].value
    client.cookies["theme"] = '"><b'
    assert "data-kern-theme" not in page(client, "/de/")
    assert client.get("/de/display/").status_code == 405


def test_field_has_label_hint_and_error_tied_to_its_input() -> None:
    html = str(Example({"kind": "a"}))
    assert '<label class="kern-label" for="id_name">Name</label>' in html
    field = re.search(r'<input type="text" name="name"[^>]*>', html)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="id_name_helptext id_name_error"' in field[0]
    assert html.index('id="id_name_helptext"') < html.index('name="name"')
    assert html.index('id="id_name_error"') < html.index('name="name"')
    assert "kern-form-input__input" in field[0]


def test_optional_fields_are_marked_and_groups_have_a_legend() -> None:
    html = str(Example())
    note = re.search(r'<label class="kern-label" for="id_note">(.*?)</label>', html)
    assert note
    assert "optional" in note[1]
    assert re.search(r'<fieldset class="kern-fieldset">\s*<legend class="kern-label">Way', html)
    assert 'type="radio" name="way" value="x" class="kern-form-check__radio"' in html
    assert '<label class="kern-label" for="id_way_0">X</label>' in html
    assert 'class="kern-form-check__checkbox"' in html


def test_error_summary_links_each_error_to_its_field() -> None:
    form = Example({"way": "z", "kind": "a", "name": "n"})
    form.add_error(None, "Whole form is odd")
    html = render_to_string("components/error_summary.html", {"form": form})
    assert 'role="alert"' in html
    assert "Whole form is odd" in html
    assert 'href="#id_way_0"' in html
    assert 'href="#id_agreed"' in html
    assert 'href="#id_name"' not in html


def test_pagination_keeps_the_question() -> None:
    request = RequestFactory().get("/de/clusters/", {"q": "öl", "page": "2"})
    page_obj = Paginator(range(100), 5).page(2)
    html = render_to_string("components/pagination.html", {"page_obj": page_obj}, request=request)
    assert 'href="?q=%C3%B6l&amp;page=3"' in html
    assert '<span aria-current="page">2</span>' in html
    assert "20" in html


def test_single_page_has_no_pagination() -> None:
    request = RequestFactory().get("/")
    context = {"page_obj": Paginator(range(3), 5).page(1)}
    assert not render_to_string("components/pagination.html", context, request=request).strip()


@pytest.mark.parametrize(
    ("marker", "url"),
    [
        ("https://www.example.org/a?b", "https://www.example.org/a?b"),
        ("derived:https://www.example.org/a", "https://www.example.org/a"),
        ("seed:000.txt", ""),
        ("memory", ""),
        ("derived", ""),
        ("own wording", ""),
    ],
)
def test_source_marker_becomes_words(marker: str, url: str) -> None:
    source = read_source(marker)
    assert source.url == url
    assert source.label
    assert "seed:" not in source.label


def test_source_is_told_once_and_never_runs_script() -> None:
    assert len(read_sources(["derived", "derived", "memory"])) == 2
    html = render_to_string("components/source.html", {"sources": "javascript:alert(1)"})
    assert "<a " not in html


def test_error_pages_come_up_without_a_request() -> None:
    for name in ("500.html", "400.html", "403_csrf.html"):
        html = render_to_string(name)
        assert len(re.findall(r"<h1[\s>]", html)) == 1


def test_signed_in_person_sees_the_account_area_marked(client: Client) -> None:
    client.force_login(make_user("person@clusters.example"))
    html = page(client, "/de/account/password/change/")
    assert re.search(r'href="/de/account/password/change/" aria-current="page"', html)
    assert "kern-form-input__input" in html
    assert 'action="/de/account/logout/"' in html


@pytest.mark.parametrize(
    ("path", "main", "side"),
    [
        ("/en/events/create/", "My area", "Plan events"),
        ("/en/clusters/alpha/edit/", "My area", ""),
        ("/en/clusters/alpha/suggestions/", "My area", "Suggested partners"),
        ("/en/clusters/alpha/", "Clusters", ""),
    ],
)
def test_navigation_marks_the_entry_a_page_lies_behind(
    client: Client, path: str, main: str, side: str
) -> None:
    make_cluster(slug="alpha")
    client.force_login(make_user("office@demo.example", is_staff=True))
    found = re.findall(
        r'<a [^>]*aria-current="true"[^>]*>(?:<span[^>]*></span>)?([^<]+)<', page(client, path)
    )
    assert found == [word for word in (main, side) if word]
