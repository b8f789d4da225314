from contextlib import ExitStack, contextmanager

from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.complaint.rating_rating import RatingRating
from ...models.voice.customer_thread_mixin import is_about_others
from ...models.voice.mail_activity import MailActivity
from ...models.voice.mail_followers import MailFollowers
from ...models.voice.mail_message import MailMessage
from ...models.voice.mail_notification import MailNotification
from ...models.voice.mail_thread import MailThread
from ..portal_case import PortalCase

MAIL = """From: Anna <anna.alpha@example.com>
To: catchall@only.example
Message-Id: <%(name)s@only.example>
In-Reply-To: %(answered)s
Subject: Hello
MIME-Version: 1.0
Content-Type: text/plain; charset=%(charset)s

Good day
"""


@contextmanager
def as_odoo_has_it(*classes):
    """Take out what our classes define, all of it."""
    with ExitStack() as stack:
        for cls in classes:
            for name, method in list(vars(cls).items()):
                if callable(method) and not name.startswith("__"):
                    delattr(cls, name)
                    stack.callback(setattr, cls, name, method)
        yield


@tagged("post_install", "-at_install")
class TestOnlyOurs(PortalCase):
    """Messages, followers, ratings and e-mails of other documents are as Odoo has them; ours stay protected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "only_clerk", groups="base.group_user,base.group_partner_manager")
        cls.order.message_post(body="giraffe", message_type="comment", subtype_xmlid="mail.mt_comment")
        cls.alpha.message_subscribe((cls.clerk.partner_id | cls.beta).ids)
        cls.mine.message_subscribe(cls.clerk.partner_id.ids)
        cls.rating = cls.env["rating.rating"].create({
            "res_model_id": cls.env["ir.model"]._get_id("res.partner"), "res_id": cls.alpha.id, "rating": 4,
            "consumed": True,
        })

    def _same(self, attempt, *classes):
        """Check that an attempt brings the same by as many queries as without ``classes``; return what it brings."""
        outcomes = []
        for ours in (True, True, False):
            # The first time, Odoo reads what it keeps for good, such as rules.
            with as_odoo_has_it(*(() if ours else classes)), self.env.cr.savepoint():
                self.env.flush_all()
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                result = attempt()
                self.env.flush_all()
                outcomes.append((result, self.env.cr.sql_log_count - start))
        self.assertEqual(outcomes[1], outcomes[2])
        return outcomes[1][0]

    def test_what_names_another_model(self):
        """A domain is about others only if nothing of ours can meet it."""
        ours = ["customer.complaint", "customer.suggestion"]
        partners, complaints = Domain("model", "=", "res.partner"), Domain("model", "=", ours[0])
        anything = Domain("res_id", "=", 1)
        for about_others, domain in (
            (True, partners),
            (True, partners & anything),
            (True, anything & (partners | Domain("model", "=", "sale.order"))),
            (True, Domain("model", "in", ["res.partner", "sale.order"])),
            (True, Domain("model", "=", False)),
            (False, Domain.TRUE),
            (False, anything),
            (False, complaints),
            (False, partners | anything),
            (False, ~partners),
            (False, ~partners & anything),
            (False, ~(partners & anything)),
            (False, Domain("model", "!=", "res.partner")),
            (False, Domain("model", "not in", ["res.partner"])),
            (False, Domain("model", "in", ["res.partner", ours[1]])),
            (False, Domain("model", "ilike", "res.partner")),
            (False, Domain("model", "=like", "customer%")),
            (False, Domain("parent_id.model", "=", "res.partner")),
            # Odoo takes several values after "=" as it does after "in".
            (False, Domain("model", "=", (ours[0],))),
            (False, Domain("model", "=", frozenset(ours))),
            (False, Domain("model", "=", [["res.partner"]])),
            (True, Domain("model", "=", ["res.partner"])),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(is_about_others(domain, "model", ours), about_others)

    def test_followers_of_others(self):
        followers = self.env["mail.followers"].with_user(self.clerk)
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.alpha.id)]
        found = self._same(lambda: followers.search(domain).sudo().partner_id, MailFollowers)
        self.assertEqual(found, self.clerk.partner_id | self.beta)
        # Who reads complaints searches for those of partners by the same query, too.
        followers = followers.with_user(self.employee)
        self._same(lambda: followers._search(domain).select(), MailFollowers)
        partner = self.alpha.with_user(self.clerk)
        found = self._same(lambda: partner.message_follower_ids.sudo().partner_id, MailFollowers)
        self.assertEqual(found, self.clerk.partner_id | self.beta)

    def test_messages_of_others(self):
        """A customer reads the messages of an order as before, and is told of none of a complaint's."""
        messages = self.env["mail.message"].with_user(self.anna)
        domain = [("model", "=", "sale.order"), ("res_id", "=", self.order.id), ("body", "ilike", "giraffe")]
        found = self._same(lambda: messages.search(domain), MailMessage)
        self.assertEqual(found.sudo().mapped("model"), ["sale.order"])
        notifications = self.env["mail.notification"].with_user(self.anna)
        domain = [("mail_message_id.model", "=", "sale.order"), ("mail_message_id.res_id", "=", self.order.id)]
        self._same(lambda: notifications._search(domain).select(), MailNotification)

    def test_ratings_of_others(self):
        ratings = self.env["rating.rating"].with_user(self.clerk)
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.alpha.id)]
        self.assertEqual(self._same(lambda: ratings.search(domain), RatingRating), self.rating)
        # Who reads complaints searches for those of partners by the same query, too.
        self._same(lambda: ratings.with_user(self.employee)._search(domain).select(), RatingRating)
        self.assertEqual(
            self._same(lambda: ratings._read_group(domain, [], ["rating:sum"]), RatingRating), [(4.0,)]
        )
        self._same(lambda: bool(ratings.create({
            "res_model_id": self.rating.res_model_id.id, "res_id": self.beta.id, "rating": 2,
        }).access_token), RatingRating)

    def test_activities_of_others(self):
        activity = self.alpha.activity_schedule("mail.mail_activity_data_todo", user_id=self.clerk.id)
        activity = activity.with_user(self.clerk)
        self._same(lambda: activity.write({"res_id": self.beta.id}), MailActivity)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_mails_to_others(self):
        """An e-mail that answers one about a partner is read as Odoo reads it; a broken one is not repaired."""
        answered = self.beta.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")

        def receive(charset):
            mail = MAIL % {"name": charset, "answered": answered.message_id, "charset": charset}
            self.env["mail.thread"].message_process(False, mail)
            return self.beta.message_ids[:1].body

        self.assertIn("Good day", self._same(lambda: receive("utf-8"), MailThread))
        with self.assertRaises(LookupError):
            receive("x-no-such-charset")

    def test_ours_stay_protected(self):
        """Whichever way somebody asks: nothing of a complaint that they may not read is found."""
        followers = self.env["mail.followers"].with_user(self.clerk)
        theirs = Domain("res_model", "=", "res.partner")
        mine = Domain("res_id", "=", self.mine.id)
        for domain in (
            Domain("res_model", "=", "customer.complaint"), Domain("res_model", "in", ["customer.complaint", "x"]),
            theirs | mine, ~theirs, ~theirs & mine, Domain("res_model", "!=", "res.partner"),
            Domain("res_model", "ilike", "complaint"), Domain("partner_id", "=", self.clerk.partner_id.id), Domain.TRUE,
        ):
            with self.subTest(domain=domain):
                self.assertNotIn("customer.complaint", followers.search(domain).sudo().mapped("res_model"))
                self.assertIn("customer.complaint", followers.sudo().search(domain).mapped("res_model"))

    def test_strangers_are_outside(self):
        """Whoever is no employee reads what the models name for customers, and writes nothing, account or not."""
        public = self.env.ref("base.public_user")
        for name in ("customer.complaint", "customer.suggestion"):
            for user in (public, self.anna):
                voices = self.env[name].with_user(user)
                readable = voices._portal_readable_fields()
                for field in voices._fields.values():
                    with self.subTest(model=name, user=user.login, field=field.name):
                        self.assertFalse(voices._has_field_access(field, "write") and field.name != "id")
                        if field.name not in readable:
                            self.assertFalse(voices._has_field_access(field, "read"))
