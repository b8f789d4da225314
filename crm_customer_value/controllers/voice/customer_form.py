"""What a form of the portal holds, read name by name and checked, and what its files may weigh."""

import uuid

from odoo.exceptions import UserError
from odoo.http import DEFAULT_MAX_CONTENT_LENGTH

MAX_FILES = 10
MAX_FILE_SIZE = 25 * 1024 * 1024
# A request may hold several files; what one of them may have is said by the form itself, which
# keeps the rest of the input where Odoo's own limit would lose it.
MAX_REQUEST = 128 * 1024 * 1024


def max_file_size(env):
    """Return the bytes that one file of a customer may have."""
    # sudo: the limit of all uploads is a parameter of the system.
    limit = env["ir.config_parameter"].sudo().get_param("web.max_file_upload_size")
    limit = int(limit) if str(limit or "").isdecimal() else DEFAULT_MAX_CONTENT_LENGTH
    return min(limit, MAX_FILE_SIZE)


def size_text(size):
    """Return a number of bytes as people read it."""
    return f"{size / 1024 / 1024:.3g} MB"


def file_size(upload):
    """Return the size of an uploaded file in bytes, without reading it."""
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return size


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


class CustomerForm:
    """One sending of a form. Names that are not listed here are never looked at."""

    names = ("key",)
    # {name: characters}: longer than anybody writes by hand is cut, as the browser does.
    lengths = {}
    # The name of the field for files, under which their errors stand too.
    files_name = "files"

    def __init__(self, env, data=None, files=()):
        data = data or {}
        self.env = env
        self.input = {name: without_nul(data.get(name)).strip()[:self.lengths.get(name)] for name in self.names}
        self.input["key"] = form_key(self.input["key"])
        self.uploads = [upload for upload in files if upload.filename]
        self.errors = {}

    @property
    def files_help(self):
        """What customers read of the files they may send."""
        return self.env._("Up to %(number)s files, %(size)s each.", number=MAX_FILES, size=self.max_size_text)

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
        self.errors.update((name, text) for name, text in self._required().items() if not self.input[name])
        self._check_input()
        self._check_files()
        return not self.errors

    def _required(self):
        """Return {name: what to say when it is not filled in} of all that must be filled in."""
        return {}

    def _check_input(self):
        """Note what else is wrong with what was typed and chosen. Extension point."""

    def _check_files(self):
        """Note what is wrong with the files, before any of them is read."""
        if len(self.uploads) > MAX_FILES:
            self.errors[self.files_name] = self.env._("Please send at most %(number)s files.", number=MAX_FILES)
        too_big = [upload.filename for upload in self.uploads if file_size(upload) > self.max_file_size]
        if too_big:
            self.errors[self.files_name] = self.env._(
                "%(names)s: each file may have at most %(size)s. Please choose your files again without the large one. "
                "Everything else you entered is still here.",
                names=", ".join(too_big),
                size=self.max_size_text,
            )

    def take_room(self, kind):
        """Count the form and its files; note when this account has sent too much of late.

        :param kind: which limit counts the form: see the limits of the model
        """
        try:
            self.env["customer.voice.flood"]._check_room(
                (kind, str(self.env.uid)), files=self.sizes(), who=f"account,{self.env.uid}"
            )
        except UserError as error:
            self.errors["flood"] = str(error)

    def sizes(self):
        """Return the sizes of the files in bytes."""
        return [file_size(upload) for upload in self.uploads]

    def files(self):
        """Return the files as pairs of (name, content); call it when all is checked."""
        return [(without_nul(upload.filename), upload.read()) for upload in self.uploads]
