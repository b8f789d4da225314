"""HTML that strangers wrote, made harmless for those who read it here."""

import re
from urllib.parse import urlsplit

from lxml import html
from markupsafe import Markup

from odoo.tools import html2plaintext, html_sanitize, plaintext2html

# Within an attribute "style": what loads something, hides how it is written, or moves out of its place.
UNWANTED_STYLE = re.compile(
    r"url\s*\(|\\|/\*|expression|-\s*\d*\.?\d+\s*(?:px|pt|em|rem|%|vh|vw|cm|mm|in)", re.IGNORECASE
)
INLINE_PICTURE = re.compile(r"^(?:cid:|data:image/(?:png|jpe?g|gif|webp);)", re.IGNORECASE)
OWN_PICTURE = re.compile(r"^/web/(?:image|content)/")
KEPT_DATA = ("data-o-mail-quote", "data-filename", "data-file-name")
LOADING = ("src", "srcset", "background", "poster", "lowsrc", "dynsrc", "data", "action", "formaction", "xlink:href")


def clean_html(body, label, own_pictures=False):
    """Return ``body`` without anything that leaves its place on the page or loads something from elsewhere.

    A picture on somebody's server becomes a link: whoever wants to see it asks for it, and nobody else is told to
    that server.

    :param label: what the link to a picture says, before the name of the server
    :param own_pictures: keep pictures of this database; a message that just came in has none
    """
    if not body:
        return body
    body = html_sanitize(body, sanitize_style=True, strip_classes=True)
    if not body.strip():
        return body
    root = html.fromstring(f"<div>{body}</div>")
    for node in list(root.iter("img")):
        source = (node.get("src") or "").strip()
        if not (INLINE_PICTURE.match(source) or (own_pictures and OWN_PICTURE.match(source))):
            _replace_picture(node, source, label)
    for node in root.iter():
        if isinstance(node.tag, str):
            _clean_attributes(node)
    inner = html.tostring(root, encoding="unicode")
    return Markup(inner[len("<div>"):-len("</div>")])


def _clean_attributes(node):
    for name, value in list(node.attrib.items()):
        if name in ("id", "name", "class"):
            keep = False
        elif name.startswith("data-"):
            keep = name.startswith(KEPT_DATA)
        elif name == "href":
            keep = node.tag in ("a", "area")
        elif name in LOADING or name.endswith("}href"):
            keep = name == "src" and node.tag == "img"
        elif name == "style":
            kept = [part for part in value.split(";") if part.strip() and not UNWANTED_STYLE.search(part)]
            node.set("style", ";".join(kept))
            keep = bool(kept)
        else:
            keep = True
        if not keep:
            del node.attrib[name]


def _replace_picture(node, source, label):
    """Put a link where a picture of another server was, and nothing where it was too small to see."""
    parts = _split_url(source)
    small = any((node.get(side) or "").strip().removesuffix("px") in ("0", "1") for side in ("width", "height"))
    if parts and not small:
        text = " ".join(filter(None, (f"[{label} {parts.hostname}]", (node.get("alt") or "").strip())))
        inside_link = any(parent.tag == "a" for parent in node.iterancestors())
        link = html.Element("span") if inside_link else html.Element("a", href=source, target="_blank")
        if not inside_link:
            link.set("rel", "noopener noreferrer nofollow")
        link.text = text
        node.addprevious(link)
    node.drop_tree()


def _split_url(source):
    """Return the parts of the address of a picture on another server, or None for anything else."""
    try:
        parts = urlsplit(source)
        return parts if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def plain_copy(body):
    """Return the bare text of ``body`` as HTML, for where it is shown to others than those it was written to."""
    return plaintext2html(html2plaintext(body, include_references=False)) if body else body
