"""The layout of XML files: what it should be, and where a file differs from it.

The rules are few and leave the writer's line breaks alone:

* a tag or comment that begins a line is indented by four spaces per level;
* an attribute that begins a line is indented by one level more than its tag;
* a tag that reaches beyond the longest line allowed has one attribute per line;
* no tabs, no blanks at the end of a line or before ``/>``, one empty line in a row, one newline at the end.

Text, CDATA sections and the inside of ``pre``, ``textarea``, ``script`` and ``style`` keep
their indentation, because it may mean something there.
"""

import difflib
import re
from xml.parsers import expat

LONGEST = 120
INDENT = 4
VERBATIM = {"pre", "textarea", "script", "style"}
TOKEN = re.compile(
    r"""(?P<comment><!--.*?-->)
      | (?P<raw><!\[CDATA\[.*?\]\]>|<\?.*?\?>|<![^>]*>)
      | (?P<end></[^>]*>)
      | (?P<start><(?:[^<>"']|"[^"]*"|'[^']*')*>)
      | (?P<text>[^<]+)""",
    re.VERBOSE | re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))(\s*)""")


def parse_error(text):
    """Return (line, message) when the text is no well-formed XML, else None."""
    try:
        expat.ParserCreate().Parse(text.encode(), True)
    except expat.ExpatError as error:
        return error.lineno, f"no well-formed XML: {expat.errors.messages[error.code]}"
    return None


def check(text):
    """Return a list of (line, message) for everything that is wrong with the layout."""
    error = parse_error(text)
    if error:
        return [error]
    lines, wanted = text.split("\n"), format_xml(text).split("\n")
    problems = []
    matcher = difflib.SequenceMatcher(None, lines, wanted, autojunk=False)
    for tag, begin, _end, wanted_begin, wanted_end in matcher.get_opcodes():
        if tag != "equal":
            expected = "\n".join(wanted[wanted_begin:wanted_end])
            problems.append((begin + 1, f"layout, expected {expected[:160]!r}" if expected else "layout, superfluous"))
    return problems


def format_xml(text):
    """Return the text in the layout described above; doing it twice changes nothing more."""
    out = _Output()
    depth, verbatim = 0, []
    for match in TOKEN.finditer(text.replace("\r\n", "\n")):
        token = match[0]
        if match["text"]:
            out.add(token if verbatim else _text(token))
            continue
        name = re.match(r"</?([^\s/>]*)", token)[1].lower()
        if match["end"]:
            depth -= 1
            if verbatim and verbatim[-1] == name:
                verbatim.pop()
        if not verbatim:
            out.indent(depth)
        if match["start"]:
            out.add(token if verbatim else _tag(token, out.column(), depth))
            if not token.endswith("/>"):
                depth += 1
                if name in VERBATIM:
                    verbatim.append(name)
        else:
            out.add(token)
    return out.text.strip("\n") + "\n"


class _Output:
    """The text so far, with the place where the next token goes."""

    def __init__(self):
        self.text = ""

    def add(self, text):
        self.text += text

    def column(self):
        return len(self.text) - self.text.rfind("\n") - 1

    def indent(self, depth):
        """Give the token that follows its indentation, if it begins a line."""
        line = self.text[self.text.rfind("\n") + 1:]
        if self.text and not line.strip(" "):
            self.text = self.text[:len(self.text) - len(line)] + " " * (INDENT * depth)


def _text(token):
    """Lay out the text between two tags."""
    token = token.replace("\t", " " * INDENT)
    token = re.sub(r"[ ]+(?=\n)", "", token)
    return token if token.strip() else re.sub(r"\n{3,}", "\n\n", token)


def _tag(token, column, depth):
    """Lay out a start tag that begins at this column."""
    head, rest, tail = re.match(r"(<[^\s/>]+)(.*?)(\s*/?>)$", token, re.DOTALL).groups()
    lead = re.match(r"\s*", rest)[0]
    attributes = ATTRIBUTE.findall(rest.strip())
    if not attributes:
        return head + tail.strip()
    base, inner = "\n" + " " * (INDENT * depth), "\n" + " " * (INDENT * (depth + 1))
    gaps = [lead, *(gap for _attribute, gap in attributes[:-1])]
    close = (base if "\n" in tail else "") + tail.strip()

    def join(separators):
        pairs = zip(separators, attributes, strict=True)
        return head + "".join(gap + attribute for gap, (attribute, _gap) in pairs) + close

    result = join([inner if "\n" in gap else " " for gap in gaps])
    first, *others = result.split("\n")
    if len(attributes) > 1 and (column + len(first) > LONGEST or any(len(line) > LONGEST for line in others)):
        result = join([inner] * len(attributes))
    return result
