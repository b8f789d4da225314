"""How much customers, links and visitors may send within an hour. All limits are here."""

import hashlib
import hmac
import ipaddress
import time
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq

from ..base.number_fields import Integer

WINDOW_HOURS = 1
# What each may do within an hour, unless the system parameter ``crm_customer_value.limit_<name>`` says otherwise.
LIMITS = {
    # The public form: complaints from one address of the net (an office may share it), from one
    # block of addresses that a provider gives out, with one e-mail address; forms with their mistakes.
    "ip": 20,
    "block": 100,
    "email": 5,
    "try": 60,
    # From this many on, from everybody together, the public form asks a question first.
    "all": 500,
    # Messages by a link: from one address of the net, and to one conversation.
    "post_ip": 20,
    "post_thread": 20,
    # By an account: complaints, suggestions, messages, votes for suggestions.
    "account_complaint": 10,
    "account_suggestion": 10,
    "account_post": 60,
    "account_vote": 60,
    # Needs stated or changed, goals proposed, and what is said of figures: a year of them is many.
    "account_need": 30,
    "account_goal": 10,
    "account_figure": 240,
    # What is said of products they may need.
    "account_offer": 30,
    # Files and their size, by an account, a link, and an address of the net.
    "files": 40,
    "kilobytes": 256 * 1024,
    # An answer to the question of the public form counts once.
    "proof": 1,
}
# Nobody reads and answers a question sooner (seconds); later the form has to be opened again.
PROOF_FROM, PROOF_UNTIL = 3, 3600


def net_address(ip):
    """Return the address of the net that counts as one sender: of IPv6, the 64 bits that a household gets."""
    try:
        address = ipaddress.ip_address(ip or "")
    except ValueError:
        return ip or ""
    if address.version == 6:
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Address(int(address) >> 64 << 64))
    return str(address)


def net_block(ip):
    """Return the block that an IPv6 address is in, of which one customer of a provider may have all (/48), or None."""
    try:
        address = ipaddress.IPv6Address(net_address(ip))
    except ValueError:
        return None
    return str(ipaddress.IPv6Address(int(address) >> 80 << 80))


class CustomerVoiceFlood(models.Model):
    """How often the public form, links and accounts were used of late; keeps no address, only a print of it."""

    _name = "customer.voice.flood"
    _description = "Use of Forms and Links by Customers"
    _log_access = False

    key = fields.Char(required=True)
    start = fields.Datetime(required=True, index=True)
    hits = Integer(required=True)

    _unique_key = models.UniqueIndex("(key)")

    @api.model
    def _limit(self, kind):
        """Return how often, or how much, within an hour."""
        # sudo: limits are system parameters, which customers may not read.
        value = self.env["ir.config_parameter"].sudo().get_param(f"crm_customer_value.limit_{kind}")
        return int(value) if str(value or "").isdecimal() else LIMITS[kind]

    @api.model
    def _uses_of_form(self, ip, email, proven=False):
        """Return what a complaint of the public form uses up."""
        block = net_block(ip)
        uses = [("ip", net_address(ip)), ("email", self._mailbox(email))]
        uses += [("block", block)] if block else []
        # Whoever has answered the question is not held back by what others send.
        return uses if proven else [("all", ""), *uses]

    @api.model
    def _uses_of_files(self, who, sizes):
        """Return what files of these sizes in bytes use up of the room of ``who``."""
        sizes = list(sizes)
        return [
            ("files", who, len(sizes)), ("kilobytes", who, sum(-(-size // 1024) for size in sizes)),
        ] if sizes else []

    @api.model
    def _admit(self, ip, email, proven=False):
        """Count a complaint of the public form, and tell whether there is still room for it."""
        return self._take_room(*self._uses_of_form(ip, email, proven))

    @api.model
    def _admit_try(self, ip):
        """Count a form that was sent, right or wrong, and tell whether to look at it."""
        return self._take_room(("try", net_address(ip)))

    @api.model
    def _uses_of_post(self, ip, thread):
        """Return what a message of somebody uses up who has but the link to ``thread``."""
        return [("post_ip", net_address(ip)), ("post_thread", f"{thread._name},{thread.id}")]

    @api.model
    def _admit_post(self, ip, thread):
        """Count a message of somebody who has but the link to ``thread``, and tell whether to take it."""
        return self._take_room(*self._uses_of_post(ip, thread))

    @api.model
    def _check_room(self, *uses, files=(), who=None):
        """Count these uses; raise, in words for whoever sends, when there is no room for all of them.

        :param files: sizes in bytes of files that ``who`` sends with it
        """
        uses += tuple(self._uses_of_files(who, files))
        if uses and not self._take_room(*uses):
            raise UserError(self._refusal(*uses))

    @api.model
    def _refusal(self, *uses):
        """Say that there is no room for ``uses``, and when there is again."""
        now = fields.Datetime.now()
        minutes = max([1, *(-(-(until - now).total_seconds() // 60) for until in self._full(*uses).values())])
        if minutes == 1:
            return self.env._("You have sent too much within an hour. Please try again in a minute, or call us.")
        return self.env._(
            "You have sent too much within an hour. Please try again in %(minutes)s minutes, or call us.",
            minutes=int(minutes),
        )

    @api.model
    def _mailbox(self, email):
        """Return the address that mail to ``email`` reaches: "a+1@b.c" and "a+2@b.c" are one."""
        local, __, domain = (email or "").lower().rpartition("@")
        return f"{local.partition('+')[0] or local}@{domain}"

    @api.model
    def _prepare_uses(self, uses):
        """Return {key: (kind, amount, limit)} of uses (kind, value) or (kind, value, amount)."""
        return {
            self._key(kind, value): (kind, amount, self._limit(kind))
            for kind, value, amount in ((*use, 1)[:3] for use in uses)
        }

    @api.model
    def _hits(self, cr, keys, since):
        """Return {key: (hits, start)} of what was used since then."""
        cr.execute(SQL(
            "SELECT key, hits, start FROM customer_voice_flood WHERE key = ANY(%s) AND start > %s",
            list(keys), since,
        ))
        return {key: (hits, start) for key, hits, start in cr.fetchall()}

    @api.model
    def _full(self, *uses):
        """Return {kind: when there is room again} of those ``uses`` for which there is none."""
        prepared = self._prepare_uses(uses)
        now = fields.Datetime.now()
        with self.env.registry.cursor() as cr:
            used = self._hits(cr, prepared, fields.Datetime.subtract(now, hours=WINDOW_HOURS))
        full = {}
        for key, (kind, amount, limit) in prepared.items():
            hits, start = used.get(key, (0, now))
            if hits + amount > limit:
                full[kind] = fields.Datetime.add(start, hours=WINDOW_HOURS)
        return full

    @api.model
    def _take_room(self, *uses):
        """Count each of ``uses``, if there is still room for all of them; tell whether there is.

        Counted in a transaction of its own: an attempt counts whether or not it succeeds, and the
        lock makes requests of the same moment queue up instead of all being the first.

        :param uses: (kind, value), or (kind, value, amount)
        """
        prepared = self._prepare_uses(uses)
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("LOCK TABLE customer_voice_flood IN SHARE ROW EXCLUSIVE MODE"))
            now = fields.Datetime.now()
            since = fields.Datetime.subtract(now, hours=WINDOW_HOURS)
            used = self._hits(cr, prepared, since)
            if any(
                used.get(key, (0, now))[0] + amount > limit for key, (_kind, amount, limit) in prepared.items()
            ):
                return False
            cr.execute(SQL(
                """
                INSERT INTO customer_voice_flood (key, start, hits)
                SELECT key, %(now)s, hits FROM unnest(%(keys)s, %(amounts)s) AS use (key, hits)
                ON CONFLICT (key) DO UPDATE SET
                    hits = CASE WHEN customer_voice_flood.start > %(since)s
                                THEN customer_voice_flood.hits + EXCLUDED.hits ELSE EXCLUDED.hits END,
                    start = CASE WHEN customer_voice_flood.start > %(since)s
                                 THEN customer_voice_flood.start ELSE EXCLUDED.start END
                """,
                now=now, keys=list(prepared), amounts=[amount for _kind, amount, _limit in prepared.values()],
                since=since,
            ))
        return True

    @api.model
    def _print(self, text):
        """Return a print of ``text`` that cannot be traced back, nor made by anybody else."""
        # sudo: the secret of the database is read to make prints, and told to nobody.
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    @api.model
    def _key(self, kind, value):
        return f"{kind}:{self._print(f'{kind}:{value}')}"

    # The question that the public form asks when very many complaints come in

    @api.model
    def _new_question(self):
        """Return a question for people, as {"text", "mark"}; ``mark`` comes back with the answer."""
        mark = f"{int(time.time())}-{uuid.uuid4().hex}"
        first, second = self._question_numbers(mark)
        return {
            "text": self.env._("How much is %(first)s plus %(second)s?", first=first, second=second),
            "mark": f"{mark}-{self._print(f'question:{mark}')}",
        }

    @api.model
    def _question_numbers(self, mark):
        number = int(self._print(f"numbers:{mark}")[:8], 16)
        return 2 + number % 8, 11 + number // 8 % 80

    @api.model
    def _is_answered(self, mark, answer):
        """Tell whether a question of ours was answered rightly, by somebody who took time to read it, and once."""
        start, __, rest = str(mark or "").partition("-")
        nonce, __, signature = rest.partition("-")
        if not (start.isascii() and start.isdecimal() and len(start) < 12):
            return False
        if not consteq(self._print(f"question:{start}-{nonce}").encode(), signature.encode()):
            return False
        if not PROOF_FROM <= time.time() - int(start) <= PROOF_UNTIL:
            return False
        right = str(sum(self._question_numbers(f"{start}-{nonce}")))
        return str(answer or "").strip() == right and self._take_room(("proof", nonce))

    @api.autovacuum
    def _gc_old(self):
        """Forget what no longer limits anybody."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), hours=WINDOW_HOURS)
        self.search([("start", "<=", limit)], limit=10000).unlink()
