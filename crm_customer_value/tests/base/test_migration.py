import importlib.util
import re
from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ..common import CustomerValueCase, channel


@tagged("post_install", "-at_install")
class TestMigration(CustomerValueCase):
    def _migrate(self, version, old, when="post", name="migrate"):
        path = file_path(f"crm_customer_value/migrations/{version}/{when}-{name}.py")
        spec = importlib.util.spec_from_file_location("customer_value_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, old)
        self.env.invalidate_all()

    def test_new_parts_of_the_index_come_with_a_new_version(self):
        """What was used stays what it was; scoring goes on by a version that knows the new parts."""
        customer = self._partner("Customer")
        self._order(customer, 3, 10.0)
        self._recompute()
        used = self.policy._renew(weights={"loyalty": 31.0})
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.assertEqual(interrupted.state, "running")
        self.env.flush_all()
        self._migrate("19.0.1.1.0", "19.0.1.0.0")
        counted = used._weights()
        self.assertEqual((used.state, counted["development"], counted["cost_to_serve"]), ("retired", 0.0, 0.0))
        active = self.env["customer.value.policy"]._get_active(self.company)
        self.assertEqual(active.version, used.version + 1)
        counted = active._weights()
        self.assertEqual(
            (counted["development"], counted["cost_to_serve"], counted["loyalty"]), (20.0, 10.0, 31.0)
        )
        waiting = self.env["customer.value.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "queued")]
        )
        self.assertEqual(set(waiting.mapped("kind")), {"full"})
        self.assertIn(interrupted, waiting)

    def test_fresh_database_needs_none(self):
        before = self.env["customer.value.policy"]._get_active(self.company)
        self._migrate("19.0.1.1.0", None)
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company), before)
        self.assertEqual(before._weights()["development"], 20.0)

    def test_satisfaction_comes_with_a_new_version(self):
        """An index of before says what it said; from now on complaints count."""
        customer = self._partner("Customer")
        self._order(customer, 3, 10.0)
        self._recompute()
        before = self._value(customer).value_index
        used = self.policy
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        self.env.flush_all()
        self._migrate("19.0.1.2.0", "19.0.1.1.0")
        self.assertEqual((used.state, used._weights()["satisfaction"]), ("retired", 0.0))
        active = self.env["customer.value.policy"]._get_active(self.company)
        default = self._index_parts()["satisfaction"].weight
        self.assertGreater(default, 0.0)
        self.assertEqual((active.version, active._weights()["satisfaction"]), (used.version + 1, default))
        self.assertEqual(interrupted.state, "queued")
        interrupted.unlink()
        self._recompute()
        self.assertEqual(self._value(customer).value_index, before, "who never complained is worth the same")

    def test_new_columns_hold_what_a_recompute_writes(self):
        """After an update, the first night finds nothing to write for who never complained."""
        customer = self._partner("Customer")
        self._order(customer, 3, 10.0)
        self._recompute()
        for column in ("csat", "open_complaints", "has_satisfaction_score", "satisfaction_points"):
            self.env.cr.execute(f"ALTER TABLE customer_value DROP COLUMN {column}")
        self._migrate("19.0.1.2.0", "19.0.1.1.0", when="pre")
        self.env.cr.execute(
            "SELECT csat, open_complaints, has_satisfaction_score, satisfaction_points FROM customer_value"
            " WHERE company_id = %s", [self.company.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(0, 0, False, 0)])
        # A later version says that who did not rate gave no rating.
        self._migrate("19.0.1.3.0", "19.0.1.1.0", name="numbers")
        self.env.cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        stamps = self.env.cr.fetchall()
        self._recompute()
        self.env.cr.execute("SELECT ctid FROM customer_value WHERE company_id = %s", [self.company.id])
        self.assertEqual(self.env.cr.fetchall(), stamps, "no row was written")

    def _customer_with_complaint(self):
        customer, prospect = self._partner("Customer"), self._partner("Prospect")
        self._order(customer, 3, 10.0)
        self._order(prospect, 3, 10.0, state="draft")
        self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": customer.id, "date": self._day(9), "amount": 5.0,
        })
        complaint = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.", "company_id": self.company.id,
            "partner_id": customer.id,
        })
        self._recompute()
        self.env.flush_all()
        return customer, prospect, complaint

    def test_unknown_becomes_empty(self):
        """After an update, the rows of who did not change are as a recompute writes them."""
        customer, prospect, complaint = self._customer_with_complaint()
        # Nothing was predicted then with so few customers, and money at risk was not known without that.
        predicted = (
            "future_value_score", "churn_risk", "clv_12m", "probability_alive", "probability_active_12m",
            "expected_purchases_12m", "value_at_risk",
        )
        self.env.cr.execute("SELECT * FROM customer_value WHERE company_id = %s ORDER BY id", [self.company.id])
        expected = [
            row | dict.fromkeys(predicted) | {"has_prediction": False} for row in self.env.cr.dictfetchall()
        ]
        # What stood there before.
        zeros = (
            "payment_score", "development_index", "csat", "typical_gap", "recency_score", "frequency_score",
            "monetary_score", "current_value_score", "loyalty_score", "satisfaction_score",
        )
        before = [f"{name} = 0" for name in predicted] + [f"{name} = COALESCE({name}, 0)" for name in zeros]
        self.env.cr.execute(
            f"UPDATE customer_value SET has_prediction = FALSE, {', '.join(before)} WHERE company_id = %s",
            [self.company.id],
        )
        self.env.cr.execute(
            "UPDATE customer_complaint SET effort_score = 0, handling_hours = 0, amount_at_stake = 0 WHERE id = %s",
            [complaint.id],
        )
        self.env.cr.execute("UPDATE customer_purchase_history SET margin = 0 WHERE partner_id = %s", [customer.id])
        self.env["customer.value.run"].search([("state", "=", "queued")]).unlink()
        self.env.invalidate_all(flush=False)
        # The records that an update loads before are not all written yet.
        loaded = self.env["ir.actions.act_window"].create({"name": "Loaded", "res_model": "res.partner"})
        self.env.flush_all()
        loaded.name = "Loaded just now"
        self._migrate("19.0.1.3.0", "19.0.1.2.0", name="numbers")
        self.assertEqual(loaded.name, "Loaded just now")
        self.env.cr.execute("SELECT * FROM customer_value WHERE company_id = %s ORDER BY id", [self.company.id])
        self.assertEqual(self.env.cr.dictfetchall(), expected)
        self.assertIs(self._value(prospect).loyalty_score, False)
        self.assertIs(complaint.effort_score, False)
        self.assertIs(complaint.handling_hours, False)
        self.assertIs(self.env["customer.purchase.history"].search([("partner_id", "=", customer.id)]).margin, False)
        waiting = self.env["customer.value.run"].search([("state", "=", "queued"), ("kind", "=", "full")])
        self.assertIn(self.company, waiting.company_id)

    def test_weights_become_lines(self):
        """Every weight of every version, to the last decimal; a part that a version did not know has no line."""
        used = self.policy
        active = used._renew(weights={"loyalty": 31.07, "payment": 0})
        # Parts that came later have no line yet.
        expected = {policy: policy._weights() | {"benefit": 0.0, "advocacy": 0.0} for policy in used | active}
        names = [name for name in expected[used] if name not in ("benefit", "advocacy")]
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM customer_value_policy_weight")
        for name in names:
            self.env.cr.execute(f"ALTER TABLE customer_value_policy ADD COLUMN weight_{name} numeric")
            for policy, weights in expected.items():
                self.env.cr.execute(
                    f"UPDATE customer_value_policy SET weight_{name} = %s WHERE id = %s", [weights[name], policy.id]
                )
        self.env.cr.execute(
            "UPDATE customer_value_policy SET weight_development = NULL WHERE id = %s", [used.id]
        )
        self._migrate("19.0.1.5.0", "19.0.1.4.1", when="pre", name="weights")
        self.assertEqual(active._weights(), expected[active])
        self.assertEqual(active.weight_ids.mapped("part"), names, "in the order in which they are shown")
        self.assertEqual(used._weights(), expected[used] | {"development": 0.0})
        self.assertNotIn("development", used.weight_ids.mapped("part"))
        self.env.cr.execute(
            "SELECT weight::text FROM customer_value_policy_weight WHERE policy_id = %s AND part = 'loyalty'",
            [active.id],
        )
        self.assertEqual(self.env.cr.fetchone(), ("31.07",))
        self.env.cr.execute(
            "SELECT COUNT(*) FROM information_schema.columns"
            " WHERE table_name = 'customer_value_policy' AND column_name LIKE 'weight\\_%'"
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self._migrate("19.0.1.5.0", "19.0.1.4.1", when="pre", name="weights")
        self.assertEqual(active._weights(), expected[active], "there is nothing left to do")

    def test_weights_of_a_table_that_is_not_there_yet(self):
        """The update makes the table of lines before the addon is loaded."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE customer_value_policy ADD COLUMN weight_loyalty numeric DEFAULT 7.5")
        self.env.cr.execute("ALTER TABLE customer_value_policy_weight RENAME TO customer_value_policy_weight_kept")
        self._migrate("19.0.1.5.0", "19.0.1.4.1", when="pre", name="weights")
        self.env.cr.execute(
            "SELECT part, weight::text, industry_id FROM customer_value_policy_weight WHERE policy_id = %s",
            [self.policy.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [("loyalty", "7.5", None)])

    def test_index_is_told_by_evidence(self):
        """What was scored in full stays what it was; who has no index has no part of it; scoring goes on anew."""
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        customer, prospect = self._partner("Customer"), self._partner("Prospect")
        for day in (month_end, month_end - timedelta(days=365)):
            self._order(customer, day, 10.0)
        self._order(prospect, 3, 10.0, state="draft")
        self._recompute(as_of=month_end)
        self._recompute()
        used = self.policy
        interrupted = self.env["customer.value.run"]._new_run(self.company)
        index = self._value(customer).value_index
        parts = ("current_value", "future_value", "development", "loyalty", "payment", "satisfaction", "cost_to_serve")
        self.env.flush_all()
        for table in ("customer_value", "customer_value_snapshot"):
            zeros = ", ".join(f"{name}_points = COALESCE({name}_points, 0)" for name in parts)
            self.env.cr.execute(f"UPDATE {table} SET {zeros}, cost_to_serve_score = COALESCE(cost_to_serve_score, 0),"
                                " value_to_us = NULL, bounds_points = NULL")
        self.env.cr.execute(
            "UPDATE customer_value"
            " SET development_evidence = NULL, payment_evidence = NULL, satisfaction_evidence = NULL"
        )
        self.env.invalidate_all(flush=False)
        self._migrate("19.0.1.4.0", "19.0.1.3.0", name="index")
        value = self._value(customer)
        self.assertEqual((value.value_index, value.bounds_points), (index, 0.0))
        self.assertEqual(value.value_to_us, index, "nothing was taken off")
        self.assertEqual(
            (value.development_evidence, value.payment_evidence), (100.0 if value.has_development else 0.0, 0.0)
        )
        snapshot = self.env["customer.value.snapshot"].search([("partner_id", "=", customer.id)])
        self.assertEqual((snapshot.value_to_us, snapshot.bounds_points), (snapshot.value_index, 0.0))
        for name in ("value_to_us", "bounds_points", "loyalty_points", "cost_to_serve_points", "cost_to_serve_score"):
            self.assertIs(self._value(prospect)[name], False, name)
        active = self.env["customer.value.policy"]._get_active(self.company)
        self.assertEqual((used.state, active.version), ("retired", used.version + 1))
        self.assertEqual(active._weights(), used._weights())
        self.assertEqual(interrupted.state, "queued")

    def test_what_is_no_number_goes(self):
        """NaN and infinity that came in by RPC are gone before the database refuses them."""
        customer, _prospect, complaint = self._customer_with_complaint()
        for table, column in (
            ("customer_complaint", "handling_hours"), ("customer_complaint", "compensation"),
            ("customer_value_policy", "discount_rate"), ("customer_value_policy", "pareto_a"),
            ("customer_purchase_history", "amount"), ("res_company", "complaint_hour_cost"),
        ):
            self.env.cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_number")
        self.env.cr.execute(
            "UPDATE customer_complaint SET handling_hours = 'NaN', compensation = 'Infinity' WHERE id = %s",
            [complaint.id],
        )
        self.env.cr.execute(
            "UPDATE customer_value_policy SET discount_rate = 'NaN', pareto_a = 'NaN' WHERE id = %s",
            [self.policy.id],
        )
        self.env.cr.execute(
            "UPDATE customer_purchase_history SET amount = 'NaN' WHERE partner_id = %s", [customer.id]
        )
        self.env.cr.execute("UPDATE res_company SET complaint_hour_cost = 'NaN' WHERE id = %s", [self.company.id])
        self.env.invalidate_all(flush=False)
        self._migrate("19.0.1.3.0", "19.0.1.2.0", when="pre", name="numbers")
        self.assertIs(complaint.handling_hours, False)
        self.assertEqual(complaint.compensation, 0.0)
        self.assertEqual((self.policy.discount_rate, self.policy.pareto_a), (10.0, 80.0))
        history = self.env["customer.purchase.history"].search([("partner_id", "=", customer.id)])
        self.assertEqual(history.amount, 0.0)
        self.assertEqual(self.company.complaint_hour_cost, 0.0)
        self._recompute()
        self.assertEqual(self._value(customer).revenue_total, 10.0)

    def test_stakes_of_other_customers_are_forgotten(self):
        """Ended complaints keep their amount unless their contact changed since; open ones get it anew."""
        customer, other = self._partner("Customer"), self._partner("Other")
        self.env["customer.value"].create([
            {"company_id": self.company.id, "partner_id": partner.id, "clv_12m": amount, "has_prediction": True}
            for partner, amount in ((customer, 250.0), (other, 70.0))
        ])
        tracking = {"tracking_disable": False, "mail_notrack": False}
        complaints = self.env["customer.complaint"].with_context(**tracking).create([
            {
                "name": name, "channel_id": channel(self.env, "email"), "partner_id": customer.id,
                "company_id": self.company.id,
            }
            for name in ("kept", "emptied", "changed", "changed before", "zero", "open")
        ])
        self.env.cr.flush()
        by_name = {complaint.name: complaint for complaint in complaints}
        by_name["changed before"].partner_id = other
        self.env.cr.flush()
        self.env.cr.precommit.run()
        ended = complaints - by_name["open"]
        for complaint in ended:
            complaint._close()
        # Tracked changes are noted at the time of the database.
        ended.date_closed = fields.Datetime.now() + timedelta(seconds=-1)
        self.env["mail.message"].search([
            ("model", "=", complaints._name), ("res_id", "=", by_name["changed before"].id),
        ]).date = fields.Datetime.now() - timedelta(days=1)
        by_name["emptied"].partner_id = False
        by_name["changed"].partner_id = other
        self.env.cr.flush()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE customer_complaint
                  SET stake_rank = NULL, stake_partner_id = NULL,
                      amount_at_stake = CASE WHEN name = 'zero' THEN 0 ELSE 99 END
                WHERE id = ANY(%s)""",
            [complaints.ids],
        )
        self._migrate("19.0.1.3.0", "19.0.1.2.0", name="rights")
        self.env.cr.execute(
            "SELECT name, amount_at_stake, stake_rank, stake_partner_id FROM customer_complaint WHERE id = ANY(%s)",
            [complaints.ids],
        )
        # Without a full run, the bands start from 1.
        self.assertEqual({name: row for name, *row in self.env.cr.fetchall()}, {
            "kept": [99, 6, customer.id], "changed before": [99, 6, other.id], "open": [250, 7, customer.id],
            "emptied": [None, None, None], "changed": [None, None, None], "zero": [None, None, None],
        })

    def test_rules_of_assistants_are_left_alone(self):
        """They are marked as in a fresh installation; what is loaded anew there goes on so."""
        data = self.env["ir.model.data"].search([
            ("module", "=", "crm_customer_value"), ("model", "=", "ir.rule"), ("name", "like", "%rule_own"),
        ])
        loaded = self.env["ir.model.data"].search([
            ("module", "=", "crm_customer_value"), ("model", "=", "ir.rule"), ("noupdate", "=", False),
        ])
        self.assertTrue(all(data.mapped("noupdate")))
        data.noupdate = False
        self.env.flush_all()
        self._migrate("19.0.1.4.1", None, name="rules")
        self.assertFalse(any(data.mapped("noupdate")))
        self._migrate("19.0.1.4.1", "19.0.1.4.0", name="rules")
        self.assertTrue(all(data.mapped("noupdate")))
        self.assertFalse(any(loaded.mapped("noupdate")))

    def test_channels_become_one_list(self):
        """Complaints and preferences link to the channels that they named, and so does what people saved."""
        customer = self._partner("Customer")
        complaints = self.env["customer.complaint"].create([
            {"name": code, "description": "It is broken.", "partner_id": customer.id, "company_id": self.company.id}
            for code in ("portal", "email", "phone", "visit", "other")
        ])
        team = self.env["customer.complaint.team"].create({
            "name": "Desk", "company_id": self.company.id, "alias_name": "desk-of-the-migration",
        })
        filters = self.env["ir.filters"].create({
            "name": "Mine", "model_id": "customer.complaint", "user_ids": self.env.user.ids,
            "domain": "[('channel', 'in', ['phone', 'visit']), ('name', '!=', 'channel 5')]",
            "context": "{'group_by': ['channel', 'date_received:month']}", "sort": '["channel desc", "id"]',
        })
        export = self.env["ir.exports"].create({
            "name": "Mine", "resource": "res.partner", "export_fields": [Command.create({"name": "service_channel"})],
        })
        was = self.env["ir.model.fields"].create({
            "name": "x_channel", "model_id": self.env["ir.model"]._get_id("customer.complaint"), "ttype": "char",
        })
        self.env["ir.default"].create({"field_id": was.id, "json_value": '"visit"'})
        self.env.flush_all()
        cr = self.env.cr
        # As the update finds them: the selections still have their columns, the links are empty.
        cr.execute("ALTER TABLE customer_complaint ALTER channel_id DROP NOT NULL, ADD COLUMN channel varchar")
        cr.execute(
            "UPDATE customer_complaint SET channel = name, channel_id = NULL WHERE id = ANY(%s)", [complaints.ids]
        )
        cr.execute("ALTER TABLE res_partner ADD COLUMN service_channel varchar")
        cr.execute("UPDATE res_partner SET service_channel = 'visit' WHERE id = %s", [customer.id])
        cr.execute("UPDATE ir_model_fields SET name = 'channel', state = 'base' WHERE id = %s", [was.id])
        cr.execute(
            "UPDATE mail_alias SET alias_defaults = %s WHERE id = %s",
            [repr({"team_id": team.id, "channel": "email"}), team.alias_id.id],
        )
        self.env.invalidate_all(flush=False)
        for _again in range(2):
            self._migrate("19.0.1.7.0", "19.0.1.6.0", name="contact")
            for complaint in complaints:
                self.assertEqual(complaint.channel_id, self.env["customer.contact.channel"]._of(complaint.name))
            self.assertEqual(customer.service_channel_id.code, "visit")
            self.assertEqual(
                filters.domain, "[('channel_id.code', 'in', ['phone', 'visit']), ('name', '!=', 'channel 5')]"
            )
            self.assertEqual(filters.context, "{'group_by': ['channel_id', 'date_received:month']}")
            self.assertEqual(filters.sort, '["channel_id desc", "id"]')
            self.assertEqual(export.export_fields.name, "service_channel_id")
            self.assertEqual(
                literal_eval(team.alias_defaults), {"team_id": team.id, "channel_id": channel(self.env, "email")}
            )
            cr.execute(
                """SELECT json_value FROM ir_default preset JOIN ir_model_fields known ON known.id = preset.field_id
                    WHERE known.model = 'customer.complaint' AND known.name = 'channel_id'"""
            )
            self.assertEqual(cr.fetchall(), [(str(channel(self.env, "visit")),)])
        self.assertEqual(
            self.env["customer.complaint"].search(
                [*literal_eval(filters.domain), ("company_id", "=", self.company.id)]
            ).mapped("name"),
            ["phone", "visit"],
        )

    def test_views_name_the_channel_before_they_are_checked(self):
        """A view that extends another one, and names a field that is gone, would stop the update."""
        views = self.env["ir.ui.view"].create([
            {
                "name": f"mine of {model}", "model": model, "type": "form", "inherit_id": self.env.ref(base).id,
                "arch": f"<xpath expr=\"//field[@name='{new}']\" position='after'><field name='{new}'/></xpath>",
            }
            for model, base, new in (
                ("res.partner", "crm_customer_value.res_partner_view_form_service", "service_channel_id"),
                ("customer.complaint", "crm_customer_value.customer_complaint_view_form", "channel_id"),
            )
        ])
        arches = [view.arch_db for view in views]
        self.env.flush_all()
        cr = self.env.cr
        # As the update finds them.
        cr.execute(
            "UPDATE ir_ui_view SET arch_db = REPLACE(arch_db::text, 'channel_id', 'channel')::jsonb WHERE id = ANY(%s)",
            [views.ids],
        )
        self.env.invalidate_all(flush=False)
        self.assertNotIn("channel_id", "".join(view.arch_db for view in views))
        for _again in range(2):
            self._migrate("19.0.1.7.0", "19.0.1.6.0", when="pre", name="views")
            self.assertEqual([view.arch_db for view in views], arches)
        views._check_xml()

    def test_members_of_teams_have_the_key_of_a_new_database(self):
        """The table of before was made by the field of teams, with the team first."""
        cr = self.env.cr
        table, key = (
            SQL.identifier(f"customer_complaint_team_res_users_rel{end}") for end in ("", "_pkey")
        )
        team, user = SQL.identifier("customer_complaint_team_id"), SQL.identifier("res_users_id")

        def keys():
            cr.execute(
                """SELECT indexname, REGEXP_REPLACE(indexdef, '.*USING', '') FROM pg_indexes
                    WHERE tablename = 'customer_complaint_team_res_users_rel' ORDER BY 1"""
            )
            return cr.fetchall()

        new = keys()
        [index] = [name for name, _columns in new if not name.endswith("_pkey")]
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))
        cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s, ADD PRIMARY KEY (%s, %s)", table, key, team, user))
        cr.execute(SQL("CREATE INDEX ON %s (%s, %s)", table, user, team))
        self.assertNotEqual(keys(), new)
        for _again in range(2):
            self._migrate("19.0.1.7.0", "19.0.1.6.0", when="pre", name="teams")
            self.assertEqual(keys(), new)

    def test_buttons_of_needs_show_to_who_may_read_goals(self):
        """Needs are read by more people than before: the old view would show them too much until its file is loaded."""
        view = self.env.ref("crm_customer_value.customer_need_view_form_goal")
        as_it_is = view.arch_db
        group = 'groups="crm_customer_value.group_service_own"'
        self.assertEqual(as_it_is.count(group), 2)
        # As the update finds it.
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = JSONB_BUILD_OBJECT('en_US', %s::text) WHERE id = %s",
            [re.sub(rf"\s*{group}", "", as_it_is), view.id],
        )
        self.env.invalidate_all(flush=False)
        for _again in range(2):
            self._migrate("19.0.1.7.0", "19.0.1.6.0", when="pre", name="views")
            buttons = etree.fromstring(view.arch_db).findall(".//button[@type]")
            self.assertEqual([button.get("groups") for button in buttons], ["crm_customer_value.group_service_own"] * 2)

    def test_held_out_customers_are_left_away(self):
        """As a fresh installation does it; what an administrator wrote stays."""
        rule = self.env.ref("crm_customer_value.customer_care_log_rule_personal")
        fresh = rule.domain_force
        rule.domain_force = fresh.replace("('state', '!=', 'held_out'), ", "")
        self.assertNotEqual(rule.domain_force, fresh)
        for _again in range(2):
            self._migrate("19.0.1.8.1", "19.0.1.8.0", name="care")
            self.assertEqual(rule.domain_force, fresh)
        rule.domain_force = "[('user_id', '=', user.id)]"
        self._migrate("19.0.1.8.1", "19.0.1.8.0", name="care")
        self.assertEqual(rule.domain_force, "[('user_id', '=', user.id)]")
