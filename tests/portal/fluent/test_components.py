"""Components as markup: names, links between fields and their notes, escaping."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core.exceptions import SuspiciousOperation
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from fluent.components.text import relative
from fluent.navigation import leave


class Contact(forms.Form):
    email = forms.EmailField(label="Email", help_text="At work.")
    method = forms.ChoiceField(label="Method", choices=[("a", "App")], widget=forms.RadioSelect, help_text="Pick one.")


def draw(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_a_wrong_field_names_its_help_and_its_error() -> None:
    html = draw("{% field form.email %}", form=Contact({"email": "x"}))
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = draw("{% field form.method %}", form=Contact())
    assert "<fieldset" in html
    assert "<legend>Method</legend>" in html
    assert 'aria-describedby="id_method_helptext"' in html


def test_the_error_summary_links_to_the_fields() -> None:
    html = draw("{% form_errors form %}", form=Contact({"email": "x", "method": "a"}))
    assert '<a href="#id_email">Email: Enter a valid email address.</a>' in html


def test_a_clean_form_has_no_error_summary() -> None:
    assert draw("{% form_errors form %}", form=Contact({"email": "a@b.example", "method": "a"})) == ""


def test_a_form_of_one_field_says_what_is_wrong_at_the_field_alone() -> None:
    class One(forms.Form):
        code = forms.CharField()

    assert draw("{% form_errors form %}", form=One({})) == ""
    assert 'id="id_code_error" role="alert"' in draw("{% field form.code %}", form=One({}))


def test_what_is_shown_is_escaped() -> None:
    for source in (
        "{% card title=bad %}{{ bad }}{% endcard %}",
        "{% badge bad %}",
        "{% copyable bad label=bad %}",
        "{% button bad value=bad name=bad %}",
        "{% banner title=bad %}{{ bad }}{% endbanner %}",
        "{% breadcrumbs bad bad bad %}",
        "{% heading bad %}{{ bad }}{% endheading %}",
    ):
        assert "<script>" not in draw(source, bad="\"'><script>"), source


def test_a_post_form_carries_the_token_and_a_get_form_does_not() -> None:
    assert "csrfmiddlewaretoken" in draw("{% form %}{% endform %}", csrf_token="t")
    assert "csrfmiddlewaretoken" not in draw('{% form method="get" %}{% endform %}', csrf_token="t")


def test_a_column_turns_its_direction_keeps_the_filters_and_drops_the_page() -> None:
    request = RequestFactory().get("/", {"q": "con", "sort": "name", "after": "x"})
    html = draw('{% column "Name" sort="name" %}', request=request)
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=con&amp;sort=-name"' in html


def test_a_moment_is_exact_for_machines_and_on_hover() -> None:
    html = draw("{% when moment %}", moment=datetime(2026, 11, 23, 5, 4, tzinfo=UTC))
    assert 'datetime="2026-11-23T05:04:00+00:00"' in html
    assert 'title="Nov. 23, 2026, 5:04 a.m. UTC"' in html


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(ValueError, match="no icon"):
        draw('{% icon "unicorn" %}')


def test_leaving_goes_on_by_the_page_itself_and_escapes_the_address() -> None:
    response = leave(RequestFactory().get("/"), 'https://app.example/cb?code=a&state="><b>')
    body = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert 'content="0; url=https://app.example/cb?code=a&amp;state=&quot;&gt;&lt;b&gt;"' in body


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/relative", "https://", "app://x"])
def test_only_web_addresses_can_be_left_for(url: str) -> None:
    with pytest.raises(SuspiciousOperation):
        leave(RequestFactory().get("/"), url)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-30, "just now"), (-65, "1 minute ago"), (-2 * 3600 - 5, "2 hours ago"), (86_400 + 5, "in 1 day")],
)
def test_a_moment_near_now_is_told_by_its_distance(seconds: int, words: str) -> None:
    told = relative(timezone.now() + timedelta(seconds=seconds))
    assert told.replace("\xa0", " ") == words
