"""What a form of the portal holds, read name by name and checked."""

import uuid

from odoo.http import DEFAULT_MAX_CONTENT_LENGTH
from odoo.tools import email_normalize

from ...models.complaint.customer_complaint import REMEDIES
from ..voice.customer_pages import file_size

MAX_FILES = 10
MAX_FILE_SIZE = 25 * 1024 * 1024
LENGTHS = {"text": 20000}


def max_file_size(env):
    """Return the bytes that one file of a customer may have."""
    # sudo: the limit of all uploads is a parameter of the system.
    limit = env["ir.config_parameter"].sudo().get_param("web.max_file_upload_size")
    limit = int(limit) if str(limit or "").isdecimal() else DEFAULT_MAX_CONTENT_LENGTH
    return min(limit, MAX_FILE_SIZE)


def size_text(size):
    """Return a number of bytes as people read it."""
    return f"{size / 1024 / 1024:.3g} MB"


def files_help(env):
    """Return how many files a customer may send, and how large ones."""
    return env._("Up to %(number)s files, %(size)s each.", number=MAX_FILES, size=size_text(max_file_size(env)))


def without_nul(text):
    """Return what was typed without NUL characters, which the database takes in no text."""
    return str(text or "").replace("\0", "")


def read_form_key(text):
    """Return the mark of a form as the server made it, or None for anything else."""
    try:
        key = uuid.UUID(str(text))
    except ValueError:
        return None
    return str(key) if key.version == 4 else None


def form_key(text=None):
    """Return the mark that a form was sent with; anything that is none gets a new one."""
    return read_form_key(text) or str(uuid.uuid4())


class ComplaintForm:
    """One sending of the form. Names that are not listed here are never looked at."""

    names = ("key", "name", "text", "wanted_remedy", "order_id", "line_id")
    required = ("text",)

    def __init__(self, env, data=None, files=()):
        data = data or {}
        self.env = env
        # Longer than anybody writes by hand is cut, as the browser does.
        self.input = {
            name: without_nul(data.get(name)).strip()[: LENGTHS.get(name, 200)] for name in self.names
        }
        self.input["key"] = form_key(self.input["key"])
        self.uploads = [upload for upload in files if upload.filename]
        self.errors = {}
        # What the public form asks when very many complaints come in: see the limits.
        self.question = None

    @property
    def files_help(self):
        """What customers read of the files they may send."""
        return files_help(self.env)

    @property
    def max_file_size(self):
        """Bytes that one file may have."""
        return max_file_size(self.env)

    @property
    def max_size_text(self):
        """The same in words."""
        return size_text(self.max_file_size)

    def check(self):
        """Fill ``errors`` ({name: text}); return whether there are none."""
        messages = {
            "text": self.env._("Please tell us what happened."),
            "sender": self.env._("Please enter your name."),
            "email": self.env._("Please enter your e-mail address so that we can answer."),
        }
        for name in self.required:
            if not self.input[name]:
                self.errors[name] = messages[name]
        if self.input["wanted_remedy"] not in ("", *dict(REMEDIES)):
            self.errors["wanted_remedy"] = self.env._("Please choose from the list.")
        self._check_files()
        return not self.errors

    def _check_files(self):
        if len(self.uploads) > MAX_FILES:
            self.errors["files"] = self.env._("Please send at most %(number)s files.", number=MAX_FILES)
        too_big = [upload.filename for upload in self.uploads if file_size(upload) > self.max_file_size]
        if too_big:
            self.errors["files"] = self.env._(
                "%(names)s: each file may have at most %(size)s. Please choose your files again without the large one. "
                "Everything else you entered is still here.",
                names=", ".join(too_big),
                size=size_text(self.max_file_size),
            )

    def sizes(self):
        """Return the sizes of the files in bytes."""
        return [file_size(upload) for upload in self.uploads]

    def files(self):
        """Return the files as pairs of (name, content); call it when all is checked."""
        return [(without_nul(upload.filename), upload.read()) for upload in self.uploads]

    def values(self):
        """Return what of the form goes into the complaint as it is."""
        return {"name": self.input["name"], "wanted_remedy": self.input["wanted_remedy"] or False}


class PublicComplaintForm(ComplaintForm):
    """The form of somebody without an account."""

    names = ("key", "name", "text", "wanted_remedy", "sender", "email", "phone", "order_name")
    required = ("sender", "email", "text")

    def check(self):
        super().check()
        if self.input["email"] and not email_normalize(self.input["email"]):
            self.errors["email"] = self.env._("This is not a valid e-mail address. Please check it.")
        return not self.errors

    def values(self):
        return {
            **super().values(),
            "partner_name": self.input["sender"],
            "email_from": email_normalize(self.input["email"]),
            "phone": self.input["phone"],
        }
