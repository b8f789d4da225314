import json
import re

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..portal_case import PortalCase

NOISE = ("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
REQUESTS = (
    "followers", "attachments", "suggestedRecipients", "activities", "scheduledMessages", "contact_fields",
    "display_name",
)
SAID = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}


@tagged("post_install", "-at_install")
class TestPortalStores(PortalCase):
    """What Odoo's own routes hand out about conversations, to whoever has a link or an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Brighter lamps", "partner_id": cls.anna.partner_id.id, "company_id": cls.company.id,
            "user_id": cls.employee.id,
        })
        cls.threads = (cls.mine, cls.suggestion)
        cls.notes, cls.answers, cls.tokens = {}, {}, {}
        for thread in cls.threads:
            own = thread.with_user(cls.employee)
            cls.notes[thread] = own.message_post(
                body="inner words", message_type="comment", subtype_xmlid="mail.mt_note",
                attachments=[("inner.txt", b"inner file")],
            )
            cls.answers[thread] = own.message_post(body="outer words", **SAID)
            thread.activity_schedule("mail.mail_activity_data_todo", note="inner plan", user_id=cls.employee.id)
            thread.message_subscribe((cls.bob.partner_id | cls.employee.partner_id).ids)
            cls.env["mail.scheduled.message"].with_user(cls.employee).create({
                "model": thread._name, "res_id": thread.id, "body": "inner scheduled", "is_note": True,
                "author_id": cls.employee.partner_id.id,
                "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
            })
            cls.tokens[thread] = thread._portal_ensure_token()

    def _secrets(self):
        return (
            "inner", "Bob", "bob.beta", self.employee.email or self.employee.login, "raw_access_token",
            '"activities"', '"followers"', '"scheduledMessages"', '"attachments"', "suggestedRecipients",
        )

    # H1

    @mute_logger(*NOISE)
    def test_links_tell_nothing_of_what_is_inside(self):
        """Neither of activities, followers, scheduled messages nor of files of notes."""
        for user in (None, self.anna, self.bob):
            if user:
                self._login(user)
            else:
                self.authenticate(None, None)
            for thread in self.threads:
                for access in ({"token": self.tokens[thread]}, {
                    "hash": thread._sign_token(self.anna.partner_id.id), "pid": self.anna.partner_id.id,
                }):
                    for names in (*([name] for name in REQUESTS[:5]), list(REQUESTS)):
                        for route in ("/mail/data", "/mail/action"):
                            answer = json.dumps(self._rpc(route, fetch_params=[["mail.thread", {
                                "thread_model": thread._name, "thread_id": thread.id, "request_list": names,
                                "access_params": access,
                            }]]))
                            for secret in self._secrets():
                                self.assertNotIn(secret, answer, (user, route, names))

    @mute_logger(*NOISE)
    def test_employees_are_told(self):
        self._login(self.employee)
        for thread in self.threads:
            answer = json.dumps(self._rpc("/mail/data", fetch_params=[["mail.thread", {
                "thread_model": thread._name, "thread_id": thread.id, "request_list": list(REQUESTS),
            }]]))
            for told in ("inner plan", "inner scheduled", "inner.txt", "Bob Beta"):
                self.assertIn(told, answer)

    @mute_logger(*NOISE)
    def test_other_routes_by_link(self):
        """All other routes that take the link of a conversation."""
        self.authenticate(None, None)
        for thread in self.threads:
            place = {"thread_model": thread._name, "thread_id": thread.id}
            token = {"token": self.tokens[thread]}
            answers = [
                self._rpc(route, **place, **token) for route in (
                    "/portal/chatter_init", "/mail/chatter_fetch", "/mail/thread/messages", "/mail/thread/recipients",
                    "/mail/thread/recipients/get_suggested_recipients",
                )
            ]
            answers.append(self._rpc("/mail/message/post", **place, **token, post_data={"body": "by link"}))
            last = self.env["mail.message"].search([("model", "=", thread._name), ("res_id", "=", thread.id)], limit=1)
            answers.append(self._rpc(
                "/mail/message/update_content", message_id=last.id, update_data={"body": "changed"}, **token
            ))
            answers.append(self._rpc("/mail/message/reaction", message_id=last.id, content="👍", action="add", **token))
            for secret in ("inner", "Bob", "bob.beta", "scheduledMessages"):
                self.assertNotIn(secret, json.dumps(answers))
            note = self.notes[thread]
            avatars = [
                self.url_open(f"/mail/avatar/mail.message/{number}/author_avatar/50x50?access_token={token['token']}")
                for number in (note.id, 999_999_999)
            ]
            self.assertEqual(avatars[0].content, avatars[1].content, "nothing tells which notes there are")

    @mute_logger(*NOISE)
    def test_read_receipts(self):
        """Who writes is not told whom that reaches, nor who has read it."""
        self._login(self.anna)
        for thread in self.threads:
            self.assertIn("result", self._rpc(
                "/mail/message/post", thread_model=thread._name, thread_id=thread.id, post_data={"body": "to you"},
            ))
            last = self.env["mail.message"].search([("model", "=", thread._name), ("res_id", "=", thread.id)], limit=1)
            self.assertEqual(last.author_id, self.anna.partner_id)
            notifications = last.notification_ids
            self.assertIn(self.employee.partner_id, notifications.res_partner_id)
            found = self._call(
                "mail.notification", "search_read", [["mail_message_id", "=", last.id]], ["res_partner_id", "is_read"]
            )
            self.assertEqual(found["result"], [])
            self._refused(self._call("mail.notification", "read", notifications.ids, ["res_partner_id"]))

    # L5

    @mute_logger(*NOISE)
    def test_reactions_to_hidden_messages(self):
        """They answer like messages that do not exist, and nothing is stored."""
        for user in (None, self.anna):
            if user:
                self._login(user)
            else:
                self.authenticate(None, None)
            for thread in self.threads:
                answers = []
                for number in (self.notes[thread].id, 999_999_999):
                    answer = self._rpc(
                        "/mail/message/reaction", message_id=number, content="👍", action="add",
                        token=self.tokens[thread],
                    )
                    self._refused(answer)
                    answers.append(re.sub(r"\d{2,}|0x\w+", "", json.dumps(answer["error"].get("message", ""))))
                    self._refused(self._call("mail.message", "toggle_message_starred", [number]))
                self.assertEqual(*answers)
                note = self.notes[thread].sudo()
                note.invalidate_recordset()
                self.assertFalse(note.reaction_ids or note.starred_partner_ids)

    @mute_logger(*NOISE)
    def test_reactions_are_emoji(self):
        self.authenticate(None, None)
        for thread in self.threads:
            message = self.answers[thread].sudo()

            def react(content, message=message, thread=thread):
                return self._rpc(
                    "/mail/message/reaction", message_id=message.id, content=content, action="add",
                    token=self.tokens[thread],
                )

            for content in ("a" * 3000, "👍" * 3000, "hello", "👍👍", "<b>", "", " ", "1", "👍a", "0x", "\u200d", "🇩"):
                self._refused(react(content), content)
            self.assertFalse(message.reaction_ids)
            kinds = ("👍", "❤️", "👍🏽", "🇩🇪", "👩‍💻", "1️⃣", "😀", "⭐")
            for content in kinds:
                self.assertIn("result", react(content), content)
            message.invalidate_recordset()
            self.assertEqual(set(message.reaction_ids.mapped("content")), set(kinds))
            for content in ("🚀", "🎉"):
                self.assertIn("result", react(content), content)
            self._refused(react("🐛"), "the eleventh")
            self.assertIn("result", react("🚀"), "it is there already")

    @mute_logger(*NOISE)
    def test_employees_react_with_emoji_too(self):
        boss = new_test_user(
            self.env, "portal_boss", groups="crm_customer_value.group_service_all",
            company_ids=[Command.set(self.company.ids)],
        )
        self._login(boss)
        note = self.notes[self.mine]
        self._refused(self._rpc("/mail/message/reaction", message_id=note.id, content="word", action="add"))
        self.assertIn("result", self._rpc("/mail/message/reaction", message_id=note.id, content="👍", action="add"))
