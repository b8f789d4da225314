"""The layout of XML."""

import pytest

from tools.xml_format import check, format_xml, parse_error

GOOD = """\
<?xml version="1.0" encoding="utf-8"?>
<odoo>
    <!-- why
         it is so -->
    <record id="a" model="b">
        <field name="code">
if x < 1:
    y = [[1]]
        </field>
        <field name="c" eval="[(
            1, 2)]"/>

        <field
            name="d"
            eval="1"
        />
        <p>some <b>bold</b> text
            <i>here</i>
        </p>
        <pre>
   kept
     <b>kept</b>
        </pre>
    </record>
</odoo>
""".replace("x < 1", "x &lt; 1")


def test_good_layout_stays():
    assert format_xml(GOOD) == GOOD
    assert check(GOOD) == []


@pytest.mark.parametrize("bad, line", [
    (GOOD.replace("    <record", "  <record"), 5),
    (GOOD.replace("    </record", "</record"), 24),
    (GOOD.replace("            name", "               name"), 14),
    (GOOD.replace("    <record", "\t<record"), 5),
    (GOOD.replace('"b">\n', '"b">  \n'), 5),
    (GOOD.replace("    </record>\n", "    </record>\n\n\n"), 26),
    (GOOD.replace("        />", "            />"), 16),
    (GOOD.replace('="1"\n        />', '="1" />'), 15),
    (GOOD + "\n", 27),
    (GOOD.rstrip("\n"), 26),
    (GOOD.replace("\n", "\r\n"), 1),
])
def test_bad_layout_is_found_and_mended(bad, line):
    assert check(bad)[0][0] == line
    assert check(format_xml(bad)) == []


def test_long_tag_is_broken():
    value = "v" * 50
    text = f'<a>\n    <field name="{value}" string="{value}" help="{value}">x</field>\n</a>\n'
    expected = (
        f'<a>\n    <field\n        name="{value}"\n        string="{value}"\n        help="{value}">x</field>\n</a>\n'
    )
    assert format_xml(text) == expected
    assert format_xml(expected) == expected


def test_unbreakable_tag_stays():
    text = f'<a>\n    <field name="{"v" * 200}"/>\n</a>\n'
    assert format_xml(text) == text


def test_signs_inside_attributes_are_no_tags():
    text = """<a>\n    <t t-if="a > b" t-out='"&lt;" + x'/>\n    <b/>\n</a>\n"""
    assert format_xml(text) == text


def test_cdata_stays():
    text = "<a>\n    <b><![CDATA[\n\t<c>\n   ]]></b>\n</a>\n"
    assert format_xml(text) == text


def test_broken_file_is_named_by_line():
    assert parse_error("<a>\n<b></a>") == (2, "no well-formed XML: mismatched tag")
    assert check("<a>\n<b></a>") == [(2, "no well-formed XML: mismatched tag")]
