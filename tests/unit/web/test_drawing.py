"""Templates write what they are given as they always would, however little that costs."""

from enum import StrEnum

import pytest
from flask import Flask
from markupsafe import Markup, escape

from jags.web.drawing import PageEnvironment, written


class Colour(StrEnum):
    RED = "red & white"


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "",
        "a < b",
        "a > b",
        "a & b",
        'a "b"',
        "a 'b'",
        "é – “”",
        Markup("<b>x</b>"),
        None,
        7,
        Colour.RED,
    ],
)
def test_a_value_is_written_as_escape_would_write_it(value):
    assert "".join([written(value)]) == str(escape(value))


def test_templates_escape_in_macros_blocks_and_calls_and_leave_markup_alone():
    app = Flask("pages")
    app.jinja_environment = PageEnvironment
    page = app.jinja_env.from_string(
        "{% macro box(text) %}<p title='{{ text }}'>{{ caller() }}</p>{% endmacro %}"
        "{% set kept %}{{ bad }}{% endset %}{% block inside %}{{ bad }}{% endblock %}"
        "{% call box(bad) %}{{ bad }}{% endcall %}{{ kept }}{{ bad ~ good }}{{ bad | upper }}{{ good }}{{ bad | safe }}"
    )
    assert page.render(bad="<i>'", good=Markup("<b>")) == (
        "&lt;i&gt;&#39;<p title='&lt;i&gt;&#39;'>&lt;i&gt;&#39;</p>&lt;i&gt;&#39;&lt;i&gt;&#39;<b>&lt;I&gt;&#39;<b><i>'"
    )
