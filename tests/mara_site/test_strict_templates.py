import pytest
from django.template import Context, Template

from mara_site.settings.strict_templates import UndefinedVariableError


def render(source, name="base.html"):
    return Template(source, name=name).render(Context({"known": "A"}))


def test_template__shows_an_undefined_variable__fails():
    with pytest.raises(UndefinedVariableError, match=r"base\.html shows unknown"):
        render("{{ unknown }}")


def test_template__shows_an_undefined_attribute__fails():
    with pytest.raises(UndefinedVariableError, match="missing"):
        render("{{ known.missing }}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ known }}",
        "{% if unknown %}B{% endif %}A",
        '{{ unknown|default:"A" }}',
        "{% with x=unknown %}A{% endwith %}",
    ],
)
def test_template__asks_whether_there_is_one__renders(source):
    assert render(source) == "A"


def test_template__of_somebody_else__is_not_judged():
    assert render("{{ unknown }}A", name="wagtailadmin/base.html") == "A"
