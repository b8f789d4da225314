"""What every import of a file has: reading, checking, dry run, refused rows."""

from . import customer_import_column_mixin
from . import customer_import_mixin
