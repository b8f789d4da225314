import hashlib
import hmac

from odoo import api, fields, models
from odoo.tools import SQL

from .number_fields import Integer

WINDOW_HOURS = 1
# So many complaints an hour from one address of the net (an office may share it), from one e-mail
# address, and from everybody together: whatever happens, the table and the desk can bear it.
# "try": forms sent from one address of the net, with their mistakes. "post_": messages of people who
# have but the link, to one conversation and from one address of the net.
LIMITS = {"ip": 20, "email": 5, "all": 500, "try": 60, "post_ip": 20, "post_thread": 20}


class CustomerComplaintFlood(models.Model):
    """How often the public form and links were used of late; keeps no address, only a print of it."""

    _name = "customer.complaint.flood"
    _description = "Use of the Public Complaint Form"
    _log_access = False

    key = fields.Char(required=True)
    start = fields.Datetime(required=True, index=True)
    hits = Integer(required=True)

    _unique_key = models.UniqueIndex("(key)")

    @api.model
    def _admit(self, ip, email):
        """Count a complaint of the public form, and tell whether there is still room for it."""
        return self._take_room(("all", ""), ("ip", ip), ("email", self._mailbox(email)))

    @api.model
    def _admit_try(self, ip):
        """Count a form that was sent, right or wrong, and tell whether to look at it."""
        return self._take_room(("try", ip))

    @api.model
    def _admit_post(self, ip, thread):
        """Count a message of somebody who has but the link to ``thread``, and tell whether to take it."""
        return self._take_room(("post_ip", ip), ("post_thread", f"{thread._name},{thread.id}"))

    @api.model
    def _mailbox(self, email):
        """Return the address that mail to ``email`` reaches: "a+1@b.c" and "a+2@b.c" are one."""
        local, __, domain = (email or "").lower().rpartition("@")
        return f"{local.partition('+')[0] or local}@{domain}"

    @api.model
    def _take_room(self, *uses):
        """Count each of ``uses`` (kind, value), if there is still room for all of them; tell whether there is.

        Counted in a transaction of its own: an attempt counts whether or not it succeeds, and the
        lock makes requests of the same moment queue up instead of all being the first.
        """
        keys = [self._key(kind, value) for kind, value in uses]
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("LOCK TABLE customer_complaint_flood IN SHARE ROW EXCLUSIVE MODE"))
            now = fields.Datetime.now()
            since = fields.Datetime.subtract(now, hours=WINDOW_HOURS)
            cr.execute(SQL(
                "SELECT key, hits FROM customer_complaint_flood WHERE key = ANY(%s) AND start > %s", keys, since
            ))
            hits = dict(cr.fetchall())
            if any(hits.get(key, 0) >= LIMITS[key.split(":")[0]] for key in keys):
                return False
            cr.execute(SQL(
                """
                INSERT INTO customer_complaint_flood (key, start, hits)
                SELECT key, %(now)s, 1 FROM unnest(%(keys)s) AS key
                ON CONFLICT (key) DO UPDATE SET
                    hits = CASE WHEN customer_complaint_flood.start > %(since)s
                                THEN customer_complaint_flood.hits + 1 ELSE 1 END,
                    start = CASE WHEN customer_complaint_flood.start > %(since)s
                                 THEN customer_complaint_flood.start ELSE EXCLUDED.start END
                """,
                now=now, keys=keys, since=since,
            ))
        return True

    @api.model
    def _key(self, kind, value):
        # sudo: the secret is read to make prints that cannot be traced back.
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        digest = hmac.new(secret.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
        return f"{kind}:{digest}"

    @api.autovacuum
    def _gc_old(self):
        """Forget what no longer limits anybody."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), hours=WINDOW_HOURS)
        self.search([("start", "<=", limit)], limit=10000).unlink()
