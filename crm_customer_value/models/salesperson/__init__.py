"""Who may take over a customer."""

from . import res_partner
