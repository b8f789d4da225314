from lxml import etree

from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintForm(ComplaintCase):
    """What a newcomer at the desk sees of a complaint: what to do next, and what is missing for it."""

    def test_who_acknowledges_nobodys_complaint_is_responsible(self):
        nobodys, leaders = self._complaint(), self._complaint(user_id=self.leader.id)
        handled = self._complaint()
        handled._acknowledge()
        self._as(self.everybody, nobodys | leaders | handled).action_acknowledge()
        self.assertEqual((nobodys.user_id, leaders.user_id), (self.everybody, self.leader))
        self.assertFalse(handled.user_id)

    def test_acknowledged_by_nobody_of_the_desk(self):
        """What runs on its own is nobody to talk to."""
        complaint = self._complaint()
        outsider = new_test_user(self.env, "form_outsider", groups="base.group_user")
        complaint.with_user(outsider).sudo().action_acknowledge()
        self.assertEqual((complaint.state, complaint.user_id.id), ("handling", False))

    def test_answer(self):
        received, handled, closed = self._complaint(), self._complaint(), self._complaint()
        handled.stage_id, closed.stage_id = self._stage("handling"), self._stage("closed")
        complaints = received | handled | closed
        action = self._as(self.desk, complaints).action_answer()
        wizards = self._as(self.desk, self.env["customer.complaint.reason"]).with_context(**action["context"])
        self.assertEqual(wizards.new().complaint_ids._origin.sudo(), handled)
        with self._refused("has no answer yet"):
            wizards.create({"answer": "<p> <br></p>"}).action_confirm()
        wizards.create({"answer": "<p>Two <b>new</b> &lt;chairs&gt; leave today</p>"}).action_confirm()
        self.assertEqual(complaints.mapped("state"), ["received", "answered", "closed"])
        self.assertTrue(handled.date_answered)
        answer = handled._last_answer()
        self.assertEqual((answer.author_id, answer.subtype_id), (self.desk.partner_id, self.env.ref("mail.mt_comment")))
        self.assertIn("<b>new</b> &lt;chairs&gt; leave today", answer.body)

    def test_answered_in_a_message_before(self):
        complaint = self._complaint(stage_id=self._stage("handling").id)
        desk = self._as(self.desk, complaint)
        desk.message_post(body="Only among us", subtype_xmlid="mail.mt_note")
        self.assertFalse(complaint._last_answer())
        desk.message_post(body="Two new chairs leave today", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertIn("Two new chairs", complaint._mail_answer())
        complaint.message_post(
            body="Three, please", message_type="comment", subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
        )
        with self._refused("has no answer yet"):
            desk._answer()
        desk._answer("Three it is")
        self.assertEqual(complaint.state, "answered")
        template = self._stage("answered").template_id
        self.assertIn("Three it is", template._render_field("body_html", complaint.ids)[complaint.id])

    def test_new_rules_and_stages_come_last(self):
        """Nothing takes another way because somebody makes a rule or a stage."""
        rules = self.env["customer.complaint.sla"]
        rule = rules.create({"name": "New rule", "resolve_hours": 100.0})
        self.assertEqual(rules.search([])[-1], rule)
        for model, state in (("customer.complaint.stage", "handling"), ("customer.suggestion.stage", "review")):
            stages = self.env[model]
            before = stages.search([("state", "=", state)])
            new = stages.create({"name": "New stage", "state": state})
            self.assertEqual(stages.search([("state", "=", state)]).ids, [*before.ids, new.id])
            self.assertEqual(stages.create({"name": "First", "state": state, "sequence": 1}).sequence, 1)
        complaint = self._complaint()
        self._stage("received").search([("state", "=", "handling")])[0].clock_stops = True
        complaint.action_acknowledge()
        self.assertFalse(complaint.stage_id.clock_stops, "acknowledging waits for nobody")

    def test_what_is_missing_is_said_before_closing(self):
        complaint = self._complaint(severity="high")
        self.assertFalse(complaint.missing_to_close)  # not acknowledged: not the next thing to do
        for state in ("handling", "answered"):
            complaint.stage_id = self._stage(state)
            self.assertEqual(complaint.missing_to_close, "root cause, corrective action")
        complaint.severity = "medium"
        self.assertFalse(complaint.missing_to_close)
        complaint.severity = "critical"
        with Form(self._as(self.desk, complaint)) as form:
            form.cause_id = self.cause
            self.assertEqual(form.missing_to_close, "corrective action")
            form.corrective_action = "Stronger boxes"
            self.assertFalse(form.missing_to_close)
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_form_begins_with_the_text(self):
        """What the customer wrote comes before every field to fill in, and a missed deadline says what was missed."""
        arch = etree.fromstring(self.env["customer.complaint"].with_user(self.desk).get_view(view_type="form")["arch"])
        order = [node.get("name") for node in arch.xpath("//sheet//field")]
        text = order.index("description")
        self.assertLess(order.index("name"), text)
        for name in ("partner_id", "category_id", "severity", "team_id", "user_id", "channel_id"):
            self.assertLess(text, order.index(name), name)
        badges = arch.xpath("//div[@name='at_stake']//div[@invisible='not is_missed']/span")
        for state, missed, expected in (
            ("received", {"acknowledge"}, ["Deadline missed"]),
            ("received", {"acknowledge", "resolve"}, ["Deadline missed"]),
            ("handling", {"acknowledge"}, ["Acknowledged late"]),
            ("handling", {"resolve"}, ["Deadline missed"]),
            ("answered", {"resolve"}, ["Resolved late"]),
            ("closed", {"acknowledge", "resolve"}, ["Acknowledged late", "Resolved late"]),
        ):
            known = {"state": state, **{f"{step}_missed": step in missed for step in ("acknowledge", "resolve")}}
            shown = [badge.text for badge in badges if not safe_eval(badge.get("invisible"), known)]
            self.assertEqual(shown, expected, (state, missed))

    def test_numbers_on_the_card_have_names(self):
        view = self.env["customer.complaint"].with_user(self.desk).get_view(view_type="kanban")
        card = etree.fromstring(view["arch"]).xpath("//t[@t-name='card']")[0]
        for name, words in (("shown_amount_at_stake", "at stake"), ("days_open", "days open:")):
            [node] = card.xpath(f".//field[@name='{name}']")
            self.assertEqual(" ".join(node.getparent().text.split()), words)

    def test_seldom_used_actions_are_in_the_menu(self):
        """They are on the form and, for several at once, on the list; not in the header."""
        view = self.env["customer.complaint"].with_user(self.desk).get_view(view_type="form")
        for name in ("action_merge", "action_create_credit_note", "action_create_suggestion"):
            self.assertNotIn(name, view["arch"])
        self.assertIn("action_answer", view["arch"])
        complaint = self._as(self.desk, self._complaint(user_id=self.desk.id))
        for name, model in (
            ("merge", "customer.complaint.merge"),
            ("suggestion", "customer.suggestion"),
        ):
            action = self.env.ref(f"crm_customer_value.customer_complaint_action_{name}").with_user(self.desk)
            context = {"active_model": complaint._name, "active_id": complaint.id, "active_ids": complaint.ids}
            self.assertEqual(action.with_context(**complaint.env.context, **context).run()["res_model"], model)
        actions = {
            name: self.env.ref(f"crm_customer_value.customer_complaint_action_{name}").id
            for name in ("merge", "credit", "suggestion")
        }
        both = self._desk_user("form_both", "crm_customer_value.group_service_own,account.group_account_invoice")
        for user, names in ((self.desk, {"merge", "suggestion"}), (both, {"merge", "suggestion", "credit"})):
            bound = self.env["ir.actions.actions"].with_user(user).get_bindings("customer.complaint")["action"]
            ids = {action["id"] for action in bound}
            self.assertEqual({name for name, number in actions.items() if number in ids}, names)

    def test_no_credit_note_for_what_is_merged_or_rejected(self):
        complaint, other = self._complaint(), self._complaint()
        complaint._reject("Used outdoors")
        with self._refused("was rejected"):
            complaint.action_create_credit_note()
        merged = self._complaint()
        merged._merge_into(other)
        with self._refused("was merged"):
            merged.action_create_credit_note()

    def test_lists_of_one_customer_say_so_when_empty(self):
        for action in (
            self.customer.action_view_complaints(),
            self.env["customer.complaint"]._action_of(self.customer, self.company),
        ):
            self.assertIn("No complaints of this customer", action["help"])
        order = self._order(self.customer, 5, 100.0)
        self.assertIn("No complaints about this order", order.action_view_complaints()["help"])

    def test_value_leads_to_complaints_that_the_user_may_read(self):
        self._order(self.customer, 5, 100.0)
        self._recompute()
        seller = self._desk_user(
            "form_seller", "sales_team.group_sale_salesman_all_leads,crm_customer_value.group_service_own"
        )
        value = self._as(seller, self._value(self.customer))
        complaint = self._complaint(partner_id=self.branch.id, user_id=self.leader.id)
        self.assertFalse(value.has_readable_complaints)
        self.assertFalse(self._as(seller, self.customer).complaint_count)
        complaint.user_id = seller
        self.env.invalidate_all()
        self.assertTrue(value.has_readable_complaints)

    def test_reports_count_known_causes(self):
        action = self.env.ref("crm_customer_value.customer_complaint_action_causes")
        self.assertIn("search_default_with_cause", action.context)
        complaints = self.env["customer.complaint"]
        causes = complaints.get_view(action.view_id.id, "graph")["arch"]
        self.assertIn("customer_complaint_pareto", causes)
        queue = complaints.get_view(view_type="graph")["arch"]
        self.assertIn("category_id", queue)
        self.assertNotIn("customer_complaint_pareto", queue)
        self.assertNotIn("compensation", complaints.get_view(view_type="pivot")["arch"])

    def test_categories_in_two_languages(self):
        self.env["res.lang"]._activate_lang("de_DE")
        top = self.env["customer.complaint.category"].create({"name": "Transport"})
        below = top.create({"name": "Damage", "parent_id": top.id})
        below.with_context(lang="de_DE").name = "Bruch"
        self.assertEqual(below.display_name, "Transport / Damage")
        self.assertEqual(below.with_context(lang="de_DE").display_name, "Transport / Bruch")
        self.assertEqual(below.with_context(lang="de_DE").name_search("Bruch"), [(below.id, "Transport / Bruch")])
        top.name = "Carriage"
        self.assertEqual((below.display_name, below.complete_name), ("Carriage / Damage",) * 2)

    def test_stage_of_a_deleted_team_is_not_everybodys(self):
        team = self.team.copy({"name": "Short-lived"})
        stage = self.env["customer.complaint.stage"].create({
            "name": "Of that team", "state": "received", "team_ids": team.ids,
        })
        with self._refused("Only this team uses the stage “Of that team”"):
            team.unlink()
        stage.team_ids |= self.team
        team.unlink()
        self.assertEqual(stage.team_ids, self.team)
