import importlib.util

from markupsafe import Markup

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ..common import channel
from ..portal_case import PortalCase

NOISE = ("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
SAID = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}


@tagged("post_install", "-at_install")
class TestPortalLinks(PortalCase):
    """Who gets the links that speak as the customer, and how long they are good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_public_form = True
        cls.env["customer.voice.flood"].search([]).unlink()
        cls.employee.email = "employee@staff.example"
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Brighter lamps", "partner_id": cls.anna.partner_id.id, "company_id": cls.company.id,
            "user_id": cls.employee.id, "description": "<p>Brighter, please</p>",
        })
        cls.mine.order_id = False
        cls.threads = (cls.mine, cls.suggestion)

    def _close(self, complaint):
        complaint.write({"severity": "low", "stage_id": self._stage("closed").id})

    def _token(self, thread):
        return thread.sudo()._portal_ensure_token()

    def _opens(self, thread, token):
        """Tell whether whoever is signed out reads ``thread`` by this link, on the page or by Odoo's routes."""
        self.authenticate(None, None)
        page = self.url_open(f"{thread.access_url}?access_token={token}")
        answer = self._rpc("/mail/chatter_fetch", thread_model=thread._name, thread_id=thread.id, token=token)
        return thread.name in page.text, "result" in answer

    # Keys of others

    @mute_logger(*NOISE)
    def test_nobody_asks_for_the_key_of_others(self):
        """The address of the page is told with its key: to whom may read the document by their own rights."""
        self.suggestion.is_public = True
        for user in (self.bob, self.paula, self.sam):
            self._login(user)
            for thread in self.threads:
                token = self._token(thread)
                answer = self._call(thread._name, "get_portal_url", thread.ids)
                self._refused(answer)
                self.assertNotIn(token, str(answer))
        self._login(self.anna)
        for thread in self.threads:
            answer = self._call(thread._name, "get_portal_url", thread.ids)
            self.assertIn(self._token(thread), answer["result"])

    # M3: employees

    def test_sharing_a_document(self):
        """An employee sends the page to whom they choose; the link opens for the customer's own people alone."""
        sharer = new_test_user(
            self.env, "portal_sharer", groups="crm_customer_value.group_service_all,base.group_partner_manager"
        )
        for thread in self.threads:
            token = self._token(thread)
            before = self.env["mail.mail"].search([])
            wizard = self.env["portal.share"].with_user(sharer).with_context(
                active_model=thread._name, active_id=thread.id
            ).create({"partner_ids": [Command.set((self.alex | self.bob).partner_id.ids)], "note": "Look"})
            wizard.action_send_mail()
            mails = self.env["mail.mail"].search([]) - before
            sent = {mail.recipient_ids: mail.body_html for mail in mails}
            self.assertEqual(set(sent), {self.alex.partner_id, self.bob.partner_id})
            self.assertIn(f"{thread.access_url}?access_token={token}", sent[self.alex.partner_id])
            self.assertIn(thread.access_url, sent[self.bob.partner_id])
            self.assertNotIn(token, sent[self.bob.partner_id])
            self.assertNotIn("signup", str(sent))
            for text in (*thread.message_ids.mapped("body"), wizard.share_link):
                self.assertNotIn(token, text or "")

    @mute_logger(*NOISE)
    def test_employees_do_not_read_the_key(self):
        """Not by fields, filters, links or wizards; who administrates is an employee too."""
        boss = new_test_user(self.env, "portal_boss", groups=(
            "crm_customer_value.group_service_manager,sales_team.group_sale_manager,base.group_system"
        ), company_ids=[Command.set(self.company.ids)])
        for user in (self.employee, boss):
            self._login(user)
            for thread in self.threads:
                token = self._token(thread)
                name = thread._name
                self.env.flush_all()
                self._refused(self._call(name, "read", thread.ids, ["access_token"]))
                self._refused(self._call(name, "web_read", thread.ids, specification={"access_token": {}}))
                self._refused(self._call(name, "search", [["access_token", "=like", f"{token[:3]}%"]]))
                self._refused(self._call(name, "search", [], order="access_token"))
                self._refused(self._call(name, "formatted_read_group", [], ["access_token"], ["__count"]))
                self._refused(self._call(name, "export_data", thread.ids, ["access_token"]))
                self._refused(self._call(name, "write", thread.ids, {"access_token": "mine"}))
                answers = [self._call(name, "read", thread.ids), self._call(name, "get_portal_url", thread.ids)]
                answers.append(self._call("portal.share", "default_get", ["share_link"], context={
                    "active_model": name, "active_id": thread.id,
                }))
                self.assertIn(name, answers[-1]["result"]["share_link"])
                self.assertNotIn(token, str(answers))
                self.assertIn(thread.access_url, answers[1]["result"])
                self.assertNotIn("hash=", str(answers))
        self.assertEqual(self.mine.sudo().get_portal_url().partition("=")[2], self._token(self.mine))

    @mute_logger(*NOISE)
    def test_logged_mails_hold_no_key(self):
        """The customer's e-mail does; neither the conversation nor a colleague's copy."""
        template = self.env.ref("crm_customer_value.mail_template_complaint_closed")
        self._close(self.mine)
        token = self._token(self.mine)
        self.mine.message_subscribe(self.employee.partner_id.ids)
        known = self.env["mail.mail"].search([])
        # As an agent and as the system.
        for record in (self.mine.with_user(self.employee), self.mine):
            record.message_post_with_source(template, message_type="auto_comment", subtype_xmlid="mail.mt_comment")
            message = self.env["mail.message"].search(
                [("model", "=", "customer.complaint"), ("res_id", "=", self.mine.id)], limit=1
            )
            self.assertIn(f"/my/complaints/{self.mine.id}/rate", message.body)
            self.assertNotIn(token, message.body)
        mails = self.env["mail.mail"].search([]) - known
        links = f"/my/complaints/{self.mine.id}/rate?access_token={token}"
        customers = mails.filtered(lambda mail: mail.recipient_ids == self.anna.partner_id)
        self.assertEqual(len(customers), 2)
        for mail in customers:
            self.assertIn(links, mail.body_html)
            self.assertIn(f"/my/complaints/{self.mine.id}?access_token={token}", mail.body_html)
        for mail in mails - customers:
            self.assertNotIn(token, mail.body_html)
        self._login(self.employee)
        composer = self._call("mail.compose.message", "create", {
            "model": "customer.complaint", "res_ids": str(self.mine.ids), "composition_mode": "comment",
            "template_id": template.id,
        })["result"]
        self.assertNotIn(token, str(self._call("mail.compose.message", "read", [composer], ["body"])))

    def test_quoted_keys_are_left_out(self):
        """A customer who answers quotes our e-mail, link and all; other addresses stay as they are."""
        token = self._token(self.mine)
        kept = "/web/image/7?access_token=picture"
        quoted = (
            f'<a href="https://x.example{self.mine.access_url}?access_token={token}&amp;note=sent#there">See</a>'
            f'<a href="https://x.example/mail/view?model=customer.complaint&amp;res_id=1&amp;hash=h4sh&amp;pid=3">At</a>'
            f'<a href="https://safe.example/?url=x%3Faccess_token%3D{token}">wrapped</a> '
            f'https://x.example{self.foreign.access_url}?access_token=another '
            f'<img src="{kept}"> https://x.example/my/orders/3?access_token=order'
        )
        message = self.mine.message_post(
            body=Markup(quoted), author_id=self.anna.partner_id.id, message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        plain = self.mine.message_post(body=quoted)
        for body in (message.body, plain.body, self.mine._without_keys(quoted)):
            self.assertNotIn(token, body)
            for secret in ("h4sh", "pid=3", "=another"):
                self.assertNotIn(secret, body)
        body = self.mine._without_keys(quoted)
        for told in (
            f"{self.mine.access_url}?note=sent&amp;access_token=#there", kept, "/my/orders/3?access_token=order",
            "res_id=1",
        ):
            self.assertIn(told, body)

    def test_what_customers_tell_holds_no_key(self):
        token = self._token(self.mine)
        new = self._complaint(
            self.anna.partner_id, "Still broken",
            description=f'<p>As told in <a href="{self.mine.access_url}?access_token={token}">this one</a></p>',
        )
        self.assertNotIn(token, new.description)
        self.assertIn("this one", new.description)

    def test_migration_takes_out_what_was_kept(self):
        """Of our conversations only; the links themselves stay good."""
        token = self._token(self.mine)
        link = f'<a href="{self.mine.access_url}?access_token={token}">See</a>'
        messages = self.mine.message_post(body="x") + self.suggestion.message_post(body="x")
        others = self.order.message_post(body="x")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET body = %s WHERE id = ANY(%s)", [link, (messages + others).ids]
        )
        path = file_path("crm_customer_value/migrations/19.0.1.3.0/post-portal.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(messages[0].body, f'<a href="{self.mine.access_url}?access_token=">See</a>')
        self.assertIn(token, others.body)
        self.assertEqual(self._token(self.mine), token)

    def test_keys_are_added_for_the_customer_alone(self):
        token = self._token(self.mine)
        base = self.mine.get_base_url()
        url = self.mine.access_url
        html = (
            f'<a href="{base}{url}?access_token=">a</a><a href="{url}/rate?thanks=1&amp;access_token=#x">b</a>'
            f'<a href="https://evil.example{url}?access_token=">c</a><a href="{base}{url}0?access_token=">d</a>'
            f'<a href="{base}{url}">e</a>'
        )
        self.assertEqual(self.mine._with_keys(html), (
            f'<a href="{base}{url}?access_token={token}">a</a>'
            f'<a href="{url}/rate?thanks=1&amp;access_token={token}#x">b</a>'
            f'<a href="https://evil.example{url}?access_token=">c</a><a href="{base}{url}0?access_token=">d</a>'
            f'<a href="{base}{url}">e</a>'
        ))
        mails = self.env["mail.mail"]
        message = self.mine.message_post(body="x")
        for recipients, emails, expected in (
            (self.anna.partner_id, False, True), (self.anna.partner_id | self.alex.partner_id, False, True),
            (self.anna.partner_id | self.bob.partner_id, False, False), (self.employee.partner_id, False, False),
            (self.env["res.partner"], "Anna <anna.alpha@example.com>", True),
            (self.env["res.partner"], "who@ever.example", False), (self.anna.partner_id, "who@ever.example", False),
            (self.env["res.partner"], False, False),
        ):
            mail = mails.create({
                "mail_message_id": message.id, "body_html": html, "email_to": emails,
                "recipient_ids": [Command.set(recipients.ids)],
            })
            self.assertEqual(token in mail.body_html, expected, (recipients, emails))

    @mute_logger(*NOISE)
    def test_employees_are_refused(self):
        """On every link of the customer, with a page that says why, and nothing is done."""
        stranger = new_test_user(self.env, "portal_clerk", groups="base.group_user")
        token = self._token(self.mine)
        for user in (self.employee, stranger):
            self._login(user)
            self._close(self.mine)
            rating = self._post(
                f"{self.mine.access_url}/rate?access_token={token}", {"stars": "5"}, form_url="/my/complaints/new"
            )
            self.assertIn("You are signed in as an employee", rating.text)
            self.mine.stage_id = self._stage("answered")
            for action in ("confirm", "reopen"):
                answer = self._post(
                    f"{self.mine.access_url}/{action}", {"access_token": token, "reason": "x"},
                    form_url="/my/complaints/new",
                )
                self.assertIn("You are signed in as an employee", answer.text)
        for thread in self.threads:
            page = self.url_open(f"{thread.access_url}?access_token={self._token(thread)}")
            self.assertEqual(page.status_code, 403)
            self.assertIn("You are signed in as an employee", page.text)
            self.assertIn(f"Open {thread.number} in Customer Value", page.text)
            self.assertNotIn(thread.name, page.text)
            page = self.url_open(f"{thread.access_url}?access_token=guessed")
            self.assertEqual(page.status_code, 403)
            self.assertNotIn(thread.number, page.text)
            answer = self._rpc("/mail/message/post", thread_model=thread._name, thread_id=thread.id, post_data={
                "body": "I am content",
            }, token=self._token(thread))
            self.assertIn("signed in as an employee", str(answer["error"]))
            self._refused(self._rpc(
                "/mail/chatter_fetch", thread_model=thread._name, thread_id=thread.id, token=self._token(thread)
            ))
        self.env.invalidate_all()
        self.assertEqual((self.mine.state, self.mine.customer_confirmed), ("answered", False))
        self.assertFalse(self.mine.rating_ids)

    @mute_logger(*NOISE)
    def test_employee_of_the_customer(self):
        """Not even one who makes themself the customer's own for a moment."""
        self.employee.partner_id.parent_id = self.alpha
        self.mine.write({"severity": "low", "stage_id": self._stage("answered").id})
        self._login(self.employee)
        self._post(f"{self.mine.access_url}/confirm", form_url="/my/complaints/new")
        self._close(self.mine)
        self._post(f"{self.mine.access_url}/rate", {"stars": "5"}, form_url="/my/complaints/new")
        self.env.invalidate_all()
        self.assertFalse(self.mine.customer_confirmed or self.mine.rating_ids)
        other = self._complaint(self.anna.partner_id, "Swapped", severity="low")
        other.stage_id = self._stage("answered")
        other.partner_id = self.employee.partner_id
        other.sudo().customer_confirmed = "2026-01-01 00:00:00"
        other.partner_id = self.bob.partner_id
        self.assertFalse(other.customer_confirmed, "the next customer has said nothing yet")

    @mute_logger(*NOISE)
    def test_ratings_by_odoo_link(self):
        """What employees read of a rating opens nothing; the customer's key is refused to whoever is signed in."""
        self._close(self.mine)
        key = self.mine.sudo()._rating_get_access_token()
        self.assertEqual(self.mine.with_user(self.employee)._rating_get_access_token(), "")
        self._login(self.employee)
        stored = self._call("rating.rating", "search_read", [["res_id", "=", self.mine.id]], ["access_token"])["result"]
        self.assertEqual([line["access_token"] for line in stored], [False])
        self._refused(self._call("customer.complaint", "rating_apply", self.mine.ids, 5, key))

        def rate(token, stars="5"):
            return self.url_open(f"/rate/{token}/submit_feedback", data={
                "rate": stars, "csrf_token": Request.csrf_token(self),
            })

        self.assertIn("You are signed in as an employee", rate(key).text)
        self.assertIn("You are signed in as an employee", self.url_open(f"/rate/{key}/5").text)
        self._login(self.bob)
        self.assertIn("to another customer", rate(key).text)
        self.authenticate(None, None)
        self.url_open("/web/login")
        for wrong in (f"{key}0", f"9{key}", key.partition("-")[0], "1-", "-", "²-x", "9" * 400 + "-x", "False"):
            self.assertEqual(rate(wrong).status_code, 404, wrong)
        self.env.invalidate_all()
        self.assertFalse(self.mine.rating_ids.filtered("consumed"))
        self.assertEqual(rate(key, "1").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.mine.rating_ids.rating, 1.0)
        self.mine.partner_id = self.bob.partner_id
        self.env.flush_all()
        self.assertEqual(rate(key).status_code, 404, "another customer's now")

    def test_ratings_count_as_messages(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_post_thread", 2)
        self._close(self.mine)
        token = self._token(self.mine)
        self.authenticate(None, None)
        page = f"{self.mine.access_url}/rate?access_token={token}"
        for stars in ("1", "2"):
            self._post(page, {"stars": stars})
        self.assertIn("try again in 60 minutes", self._post(page, {"stars": "3"}).text)
        self.env.invalidate_all()
        self.assertEqual(self.mine.rating_ids.rating, 2.0)

    # M4: whoever typed somebody else's address

    def _send_public(self, **data):
        self.authenticate(None, None)
        self._post("/complaints/new", {"sender": "Nora", "text": "Dark lamp", **data})
        return self.env["customer.complaint"].search([], order="id desc", limit=1)

    @mute_logger(*NOISE)
    def test_merging_voids_the_link_of_an_unproven_sender(self):
        email = "victim@nowhere.example"
        forged = self._send_public(email=email)
        token = forged.access_token
        self.assertEqual(self._opens(forged, token), (True, True))
        written = self._complaint(
            self.env["res.partner"], "The victim's own", email_from=email, channel_id=channel(self.env, "email"),
            partner_name="Victim",
            user_id=False, team_id=forged.team_id.id, company_id=forged.company_id.id,
        )
        written.message_post(body="the victim's secret", author_id=False, email_from=email, message_type="email",
                             subtype_xmlid="mail.mt_comment")
        (forged | written).severity = "low"
        written._merge_into(forged)
        self.env.flush_all()
        self.assertEqual(self._opens(forged, token), (False, False))
        self.assertFalse(forged.portal_key)
        renewed = forged._portal_ensure_token()
        self.assertNotEqual(renewed, token)

    @mute_logger(*NOISE)
    def test_merging_after_a_contact_was_made(self):
        """A contact that the form made of a typed address is no proof either."""
        self.env["customer.complaint.team"].search([]).alias_unknown_sender = "create"
        if not self.env["customer.complaint.team"].search([("company_id", "=", self.company.id)]):
            self.skipTest("no team takes the complaint")
        forged = self._send_public(email="stranger@nowhere.example")
        self.assertTrue(forged.partner_id)
        token = forged.access_token
        own = self._complaint(
            forged.partner_id, "The stranger's own", team_id=forged.team_id.id, company_id=forged.company_id.id,
            channel_id=channel(self.env, "email"), user_id=False,
        )
        own.message_post(body="the stranger's secret", author_id=forged.partner_id.id, message_type="email",
                         subtype_xmlid="mail.mt_comment")
        (forged | own).severity = "low"
        own._merge_into(forged)
        self.env.flush_all()
        self.assertEqual(self._opens(forged, token), (False, False))

    def test_merging_of_what_is_proven_keeps_the_link(self):
        token = self._token(self.mine)
        self.colleagues._merge_into(self.mine)
        self.assertEqual(self._token(self.mine), token)

    @mute_logger(*NOISE)
    def test_answer_by_mail_voids_the_link_on_the_screen(self):
        """The owner of a typed address who answers our receipt is not read by whoever typed it."""
        self.env["customer.complaint.team"].search([]).alias_unknown_sender = "unassigned"
        forged = self._send_public(email="owner@nowhere.example")
        token = forged.access_token
        forged.message_post(body="Who are you? My number is 5", author_id=False, email_from="owner@nowhere.example",
                            message_type="email", subtype_xmlid="mail.mt_comment")
        self.env.flush_all()
        self.assertEqual(self._opens(forged, token), (False, False))
        # From now on the link is the owner's, and stays.
        renewed = self._token(forged)
        forged.message_post(body="And 6", author_id=False, email_from="owner@nowhere.example", message_type="email",
                            subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._token(forged), renewed)

    # M8: another customer

    @mute_logger(*NOISE)
    def test_links_are_void_for_the_next_customer(self):
        """Of complaints and suggestions alike; within a family they stay."""
        for thread in self.threads:
            thread.message_subscribe((self.anna | self.bob).partner_id.ids)
            token = self._token(thread)
            signed = thread._sign_token(self.anna.partner_id.id)
            thread.partner_id = self.alex.partner_id
            self.assertEqual(self._token(thread), token, "the same family")
            thread.partner_id = self.bob.partner_id
            self.env.flush_all()
            self.assertEqual(self._opens(thread, token), (False, False))
            self.assertFalse(self._rpc(
                "/mail/data", fetch_params=[["mail.thread", {
                    "thread_model": thread._name, "thread_id": thread.id, "request_list": [],
                    "access_params": {"hash": signed, "pid": self.anna.partner_id.id},
                }]],
            )["result"]["mail.thread"][0].get("hasReadAccess"))
            self.assertNotIn(self.anna.partner_id, thread.message_partner_ids, "nor do they read along by e-mail")
            self.assertIn(self.bob.partner_id, thread.message_partner_ids)

    def test_links_are_void_for_another_sender(self):
        """Who has no contact is known by the address: another address is somebody else."""
        token = self._token(self.unassigned)
        self.unassigned.email_from = "Who <WHO@example.com>"
        self.assertEqual(self._token(self.unassigned), token, "the same address")
        self.unassigned.with_user(self.employee).email_from = "someone.else@example.com"
        self.assertNotEqual(self._token(self.unassigned), token)
        token = self._token(self.mine)
        self.mine.email_from = "another@example.com"
        self.assertEqual(self._token(self.mine), token, "the contact tells whose it is")

    def _move(self, how):
        """Return what moves Anna's contact to another customer, by name."""
        contact = self.anna.partner_id
        return {
            "another company": lambda: contact.write({"parent_id": self.beta.id}),
            "alone": lambda: contact.write({"parent_id": False}),
            "a company itself": lambda: contact.write({"is_company": True}),
            "from above": lambda: self.beta.write({"child_ids": [Command.link(contact.id)]}),
            "the company becomes a branch": lambda: self.alpha.write({
                "is_company": False, "parent_id": self.beta.id,
            }),
        }[how]

    @mute_logger(*NOISE)
    def test_links_are_void_when_the_contact_moves(self):
        for how in ("another company", "alone", "a company itself", "from above", "the company becomes a branch"):
            tokens = {thread: self._token(thread) for thread in self.threads}
            other = self._token(self.privates)
            savepoint = self.env.cr.savepoint()
            self._move(how)()
            self.env.flush_all()
            for thread, token in tokens.items():
                self.assertFalse(thread.sudo().access_token, how)
                self.assertEqual(self._opens(thread, token), (False, False), how)
            self.assertEqual(self._token(self.privates), other)
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()
        tokens = {thread: self._token(thread) for thread in self.threads}
        self.anna.partner_id.write({"phone": "1", "is_company": False, "parent_id": self.alpha.id})
        self.assertEqual({thread: self._token(thread) for thread in self.threads}, tokens, "nothing has moved")

    @mute_logger(*NOISE)
    def test_links_are_void_when_contacts_are_merged(self):
        lone = self._partner("Lone Anna", email="anna.alpha@example.com")
        complaint = self._complaint(lone, "Lone lamp")
        token = self._token(complaint)
        stays = self._token(self.mine)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [lone.id, self.anna.partner_id.id], self.anna.partner_id, extra_checks=False
        )
        self.env.flush_all()
        self.assertEqual(complaint.partner_id, self.anna.partner_id)
        self.assertEqual(self._opens(complaint, token), (False, False))
        self.assertEqual(self._token(self.mine), stays)
