from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import channel
from ..complaint_common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintDesk(ComplaintCase):
    def test_each_company_counts_its_own(self):
        first = self._complaint()
        other = self._complaint(company_id=self.other_company.id, team_id=False)
        second = self._complaint()
        copy = first.copy()
        next_other = self._complaint(company_id=self.other_company.id, team_id=False)
        start, start_other = self._count(first)[0], self._count(other)[0]
        self.assertEqual(self._count(second | copy), [start + 1, start + 2])
        self.assertEqual(self._count(next_other), [start_other + 1])
        self.assertEqual(first.number, f"CC{start:05}")
        self.assertEqual(first.display_name, f"{first.number} Two chairs are broken")
        found = self._as(self.everybody, self.env["customer.complaint"]).name_search(second.number)
        self.assertEqual(found, [(second.id, second.display_name)])
        self.assertEqual((copy.state, copy.date_closed), ("received", False))

    def test_number_of_a_company_without_a_sequence(self):
        self.env["ir.sequence"].search(
            [("code", "=", "customer.complaint"), ("company_id", "=", self.company.id)]
        ).unlink()
        self.assertEqual(self._complaint().number, "CC00001")

    def test_many_at_once(self):
        complaints = self.env["customer.complaint"].create([
            {"name": "A", "description": "a", "company_id": company.id}
            for company in (self.company, self.other_company, self.company)
        ])
        self.assertEqual(complaints.company_id, self.company | self.other_company)
        mine = self._count(complaints[0] | complaints[2])
        self.assertEqual(mine[1], mine[0] + 1)

    def test_nothing_to_say_is_refused(self):
        for name in ("", "   "):
            with self._refused("subject"):
                self._complaint(name=name)
        for description in ("", "<p><br></p>", False):
            with self._refused("Describe what happened"):
                self._complaint(description=description)
        self.assertEqual(self._complaint(description="", channel_id=channel(self.env, "email")).state, "received")

    def test_script_in_the_text_is_cleaned(self):
        complaint = self._complaint(description="<p>Hello</p><script>alert(1)</script><img src=x onerror=alert(2)>")
        self.assertNotIn("script", complaint.description)
        self.assertNotIn("onerror", complaint.description)

    def test_category_gives_its_severity_to_new_complaints_only(self):
        category = self.env["customer.complaint.category"].create({"name": "Danger", "severity": "critical"})
        self.assertEqual(self._complaint(category_id=category.id).severity, "critical")
        self.assertEqual(self._complaint(category_id=category.id, severity="low").severity, "low")
        complaint = self._complaint()
        self.assertEqual(complaint.severity, "medium")
        complaint.category_id = category
        self.assertEqual(complaint.severity, "medium")

    def test_dates_follow_the_meaning_of_the_stage(self):
        with freeze_time("2026-03-02 08:00:00"):
            complaint = self._complaint()
        self.assertFalse(complaint.date_acknowledged)
        moves = {
            "handling": "2026-03-02 09:00:00", "answered": "2026-03-03 10:00:00", "closed": "2026-03-04 11:00:00",
        }
        for state, moment in moves.items():
            with freeze_time(moment):
                complaint.stage_id = self._stage(state)
        self.assertEqual(
            [complaint.date_received, complaint.date_acknowledged, complaint.date_answered, complaint.date_closed],
            [datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 9), datetime(2026, 3, 3, 10), datetime(2026, 3, 4, 11)],
        )
        with freeze_time("2026-03-14 11:00:00"):
            complaint.invalidate_recordset(["time_in_stage"])
            self.assertEqual(complaint.time_in_stage, 10)
            complaint.write({"stage_id": self._stage("rejected").id, "reject_reason": "Used up"})
        self.assertEqual(complaint.date_closed, datetime(2026, 3, 4, 11), "it had ended already")
        self.assertEqual(complaint.reopen_count, 0)
        complaint.stage_id = self._stage("received")
        self.assertEqual((complaint.date_closed, complaint.reopen_count), (False, 1))
        self.assertEqual(complaint.date_acknowledged, datetime(2026, 3, 2, 9))

    def test_closed_at_once_is_acknowledged_too(self):
        with freeze_time("2026-03-02 08:00:00"):
            complaint = self._complaint()
        with freeze_time("2026-03-02 08:30:00"):
            complaint.stage_id = self._stage("closed")
        self.assertEqual(complaint.date_acknowledged, datetime(2026, 3, 2, 8, 30))
        self.assertFalse(complaint.date_answered)

    def test_team_with_stages_of_its_own(self):
        stage = self.env["customer.complaint.stage"]
        desk = stage.create({"name": "At the desk", "state": "received", "team_ids": self.team.ids, "sequence": 5})
        other_team = self.team.copy({"name": "Other"})
        self.assertEqual(self._complaint(stage_id=False).stage_id, desk)
        complaint = self._complaint(team_id=other_team.id, stage_id=desk.id)
        self.assertEqual(complaint.stage_id, self._stage("received"), "not a stage of that team")

    def test_queue(self):
        """Missed first, then most at stake, then the oldest; a stake nobody knows comes last."""
        rows = {
            "old": (False, 0, "2026-01-01"), "young": (False, 0, "2026-02-01"),
            "rich": (False, 5, "2026-03-01"), "missed": (True, 1, "2026-03-02"),
            "missed rich": (True, 2, "2026-03-03"),
        }
        complaints = self.env["customer.complaint"]
        for name, (missed, rank, received) in rows.items():
            complaint = self._complaint(name=name, date_received=received)
            complaint.sudo().write({"is_missed": missed, "stake_rank": rank})
            complaints |= complaint
        expected = ["missed rich", "missed", "rich", "old", "young"]
        for user in (self.desk, self.everybody):
            found = self._as(user, self.env["customer.complaint"]).search([("id", "in", complaints.ids)])
            self.assertEqual(found.mapped("name"), expected, user.login)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_complaint SET stake_rank = NULL WHERE id = %s",
            [complaints.filtered(lambda one: one.name == "old").id],
        )
        found = self.env["customer.complaint"].search([("id", "in", complaints.ids)])
        self.assertEqual(found.mapped("name"), ["missed rich", "missed", "rich", "young", "old"])

    def test_order_of_somebody_else(self):
        mine = self._order(self.branch, 5, 100.0)
        theirs = self._order(self.neighbour, 5, 100.0)
        complaint = self._complaint(order_id=mine.id)
        with self._refused("order was not placed by this customer"):
            complaint.order_id = theirs
        with self._refused("order was not placed by this customer"):
            complaint.partner_id = self.neighbour
        with self._refused("does not belong to the order"):
            complaint.order_line_id = theirs.order_line
        complaint.write({"order_line_id": mine.order_line.id, "product_id": self.product.id})
        with self._refused("product is not the product"):
            complaint.product_id = self.env["product.product"].create({"name": "Other thing"})
        foreign = self._order(self.customer, 5, 100.0, company=self.other_company)
        with self.assertRaises(UserError):
            self._complaint(order_id=foreign.id)

    def test_invoice_has_to_be_one_of_the_customer(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)

        def invoice(partner, kind="out_invoice"):
            return self.env["account.move"].create({
                "move_type": kind, "partner_id": partner.id,
                "invoice_line_ids": [(0, 0, {"product_id": self.product.id, "price_unit": 5.0})],
            })

        complaint = self._complaint(invoice_id=invoice(self.branch).id)
        with self._refused("invoice was not sent to this customer"):
            complaint.invoice_id = invoice(self.neighbour)
        with self._refused("no invoice to a customer"):
            complaint.invoice_id = invoice(self.customer, "in_invoice")
        self.assertEqual(complaint.invoice_id.complaint_count, 1)

    def test_deleted_order_leaves_the_complaint(self):
        order = self._order(self.customer, 5, 100.0, state="draft")
        complaint = self._complaint(order_id=order.id, order_line_id=order.order_line.id)
        self.assertEqual(order.complaint_count, 1)
        order.unlink()
        complaint.invalidate_recordset()
        self.assertFalse(complaint.order_id or complaint.order_line_id)

    def test_archived_customer(self):
        complaint = self._complaint(partner_id=self.branch.id)
        self.customer.active = self.branch.active = False
        complaint.action_acknowledge()
        complaint.name = "Still written"
        self.assertEqual((complaint.state, complaint.commercial_partner_id), ("handling", self.customer))

    def test_counts_on_the_customer_and_its_branches(self):
        order = self._order(self.customer, 5, 100.0)
        self._complaint(partner_id=self.branch.id, order_id=order.id)
        complaint = self._complaint()
        self.assertEqual((self.customer | self.branch | self.neighbour).mapped("complaint_count"), [2, 2, 0])
        self.assertEqual((order.complaint_count, complaint.other_complaint_count), (1, 1))
        action = self.branch.action_view_complaints()
        self.assertEqual(self.env["customer.complaint"].search_count(action["domain"]), 2)
        # Who may read some of them counts those.
        stranger = self._as(self.stranger, self.customer)
        self.assertEqual(stranger.complaint_count, 0)

    def test_form_of_the_desk(self):
        """Somebody with no right but this one notes a complaint."""
        form = Form(self._as(self.desk, self.env["customer.complaint"]))
        form.name = "Lamp flickers"
        form.description = "<p>Since Monday</p>"
        form.partner_id = self.branch
        complaint = form.save()
        self.assertRegex(complaint.number, r"^CC\d{5}$")
        self.assertEqual(complaint.state, "received")
        self.assertEqual(complaint.commercial_partner_id, self.customer)
        with self.assertRaises(AccessError):
            complaint.unlink()

    def test_order_brings_its_customer(self):
        order = self._order(self.branch, 5, 100.0)
        sales = self._desk_user("desk_sales", "sales_team.group_sale_salesman_all_leads")
        form = Form(self._as(sales, self.env["customer.complaint"]))
        form.name, form.description, form.order_id = "Broken", "<p>In two</p>", order
        complaint = form.save()
        self.assertEqual((complaint.partner_id, complaint.order_line_id), (self.branch, order.order_line))
        self.assertEqual(complaint.product_id, self.product)

    def test_who_sees_what(self):
        mine = self._complaint(user_id=self.desk.id)
        free = self._complaint()
        leaders = self._complaint(user_id=self.leader.id)
        teamless = self._complaint()
        teamless.team_id = False
        elsewhere = self._complaint(company_id=self.other_company.id, team_id=False)
        everything = mine | free | leaders | teamless | elsewhere
        expected = {
            self.desk: mine | free,
            self.leader: mine | free | leaders,
            self.everybody: everything - elsewhere,
            self.stranger: elsewhere,
        }
        for user, visible in expected.items():
            found = self._as(user, self.env["customer.complaint"]).search([("id", "in", everything.ids)])
            self.assertEqual(found.sudo(), visible, user.login)
        with self.assertRaises(AccessError):
            self._as(self.desk, leaders).action_close()
        internal = new_test_user(self.env, "desk_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["customer.complaint"].with_user(internal).search([])

    def test_portal_users_change_nothing(self):
        portal = new_test_user(self.env, "desk_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        complaint = self._complaint(partner_id=portal.partner_id.id).with_user(portal)
        for change in (
            lambda: complaint.write({"name": "Mine"}),
            complaint.action_close,
            complaint.action_acknowledge,
            complaint.action_answer,
            lambda: complaint.create({"name": "x", "description": "y"}),
            complaint.unlink,
            lambda: complaint.env["customer.complaint.merge"].create({}),
            lambda: complaint.env["customer.complaint.reason"].create({}),
            lambda: complaint.env["customer.complaint.credit"].create({}),
            lambda: complaint.env["customer.complaint.recovery"].search([]),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_settings(self):
        self.assertEqual(
            (self.company.complaint_reopen_days, self.company.complaint_hour_cost, self.company.complaint_bad_rating),
            (14, 0.0, 2),
        )
        settings = self.env["res.config.settings"].create({"complaint_reopen_days": 7, "complaint_hour_cost": 45.0})
        settings.execute()
        self.assertEqual((self.company.complaint_reopen_days, self.company.complaint_hour_cost), (7, 45.0))
