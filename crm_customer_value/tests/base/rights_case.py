"""People of every group, and for each of them records that are theirs, a colleague's and a stranger's."""

import base64
import itertools
from contextlib import contextmanager, suppress
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, MissingError
from odoo.tests import HttpCase, new_test_user
from odoo.tools import SQL

from .rights_declared import INVOICING, PEOPLE

ADDONS = (
    "crm_customer_value", "crm_customer_value_loyalty", "crm_customer_value_project", "crm_customer_value_stock",
)
TEXT = "<p>words</p>"


class Undo(Exception):
    """Takes back what was tried."""


class RightsCase(HttpCase):
    """Two companies, a team of everybody and one of strangers, and whatever a model's record needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={
            **cls.env.context, "tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True,
            "no_reset_password": True,
        })
        cls.here = cls.env["res.company"].create({"name": "Rights Here"})
        cls.there = cls.env["res.company"].create({"name": "Rights There"})
        cls.env.user.company_ids |= cls.here | cls.there
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": (cls.here | cls.there).ids})
        cls.family = cls._partner("Rights Family", is_company=True)
        cls.people = {"public": cls.env.ref("base.public_user")}
        for name, groups in PEOPLE.items():
            if groups:
                cls.people[name] = cls._user(name, groups)
        cls.people[INVOICING[0]] = cls._user(INVOICING[0], f"{PEOPLE['service own']},account.group_account_invoice")
        cls.colleague = cls._user("colleague", PEOPLE["service team"])
        cls.stranger = cls._user("stranger", PEOPLE["service team"])
        staff = cls.env["res.users"].union(*cls.people.values()).filtered(lambda user: not user.share)
        teams = cls.env["customer.complaint.team"]
        cls.team = teams.create({
            "name": "Rights Team", "company_id": cls.here.id, "leader_id": cls.colleague.id,
            "member_ids": [Command.set((staff | cls.colleague).ids)],
        })
        cls.strange_team = teams.create({
            "name": "Strange Team", "company_id": cls.here.id, "leader_id": cls.stranger.id,
        })
        cls.far_team = teams.create({"name": "Far Team", "company_id": cls.there.id})
        cls.numbers = itertools.count(1)

    def setUp(self):
        super().setUp()
        # What a test makes ends with it.
        self.people = dict(self.people)
        self.records, self.partners = {}, {}

    @classmethod
    def _partner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _user(cls, name, groups):
        values = {}
        if groups == "base.group_portal":
            values["partner_id"] = cls._partner("Rights Customer", parent_id=cls.family.id).id
        return new_test_user(
            cls.env, f"rights_{name.replace(' ', '_')}", name=f"Rights {name}", groups=groups,
            company_id=cls.here.id, company_ids=[Command.set(cls.here.ids)], **values,
        )

    def _as(self, person, record):
        return record.with_user(self.people[person]).with_context(allowed_company_ids=self.here.ids)

    @contextmanager
    def _undone(self):
        """Take back whatever is done in here."""
        records, partners = dict(self.records), dict(self.partners)
        try:
            with suppress(Undo), self.env.cr.savepoint():
                yield
                self.env.flush_all()
                raise Undo
        finally:
            # What was made in here is gone.
            self.records, self.partners = records, partners

    def _succeeds(self, call):
        """Return whether ``call`` is allowed; whatever else goes wrong is a fault of the test."""
        try:
            with self._undone():
                # As for every request, nothing is known yet: what is in the cache is read without any question.
                self.env.invalidate_all()
                call()
        except (AccessError, MissingError):
            return False
        return True

    # ---- what a record is made of ------------------------------------------------------

    def _record(self, model, whose, person):
        """Return a record of ``model`` that is ``whose`` to ``person``, as superuser."""
        # Only what is one's own differs from person to person, and what customers share with their family.
        key = (model, whose, person if whose == "own" or person == "portal" else None)
        # The row of a customer is another one once the customer has a care level.
        if key not in self.records or model == "customer.care.level.attention":
            self.records[key] = self._make(model, whose, person)
        return self.records[key]

    def _make(self, model, whose, person):
        values = self._values(model, whose, person)
        special = getattr(self, f"_make_{model.replace('.', '_')}", None)
        if special:
            return special(values, whose, person)
        maker = self.people[person] if whose == "own" else self.stranger
        if self.env[model]._transient or model == "customer.suggestion.support":
            # Whose they are goes by who made them; and so for what comes with them.
            made = self.env[model].with_user(maker).with_context(allowed_company_ids=self.here.ids)
            if made.has_access("create"):
                return made.sudo().create(values).with_env(self.env)
            # Somebody made it who may not do so any more.
            record = self.env[model].create(values)
            record.flush_recordset()
            self.env.cr.execute(
                SQL("UPDATE %s SET create_uid = %s WHERE id = %s", SQL.identifier(record._table), maker.id, record.id)
            )
            record.invalidate_recordset(["create_uid"])
            return record
        return self.env[model].create(values)

    def _values(self, model, whose, person):
        """Return the values of a new record."""
        company = self.there if whose == "other company" else self.here
        # What is shared belongs to no company.
        return getattr(self, f"_values_{model.replace('.', '_')}")(whose, person, company)

    def _company_values(self, whose, company):
        return {"company_id": False if whose == "shared" else company.id}

    def _customer(self, whose, person):
        """Return a customer whose salesperson is the person, or a stranger."""
        # A customer has one value for each company, so that nobody shares one with somebody's own record.
        key = ("customer", person if whose == "own" or person == "portal" else "", whose)
        if key not in self.partners:
            seller = self.people[person] if whose == "own" else self.stranger
            self.partners[key] = self._partner(f"Customer {next(self.numbers)}", user_id=seller.id)
        return self.partners[key]

    def _contact(self, whose, person):
        """Return who complains: the customer, a colleague of theirs, or somebody else."""
        if person == "portal" and whose == "own":
            return self.people[person].partner_id
        parent = self.family if person == "portal" and whose == "team's" else self.env["res.partner"]
        key = ("contact", parent)
        if key not in self.partners:
            self.partners[key] = self._partner(f"Contact {next(self.numbers)}", parent_id=parent.id)
        return self.partners[key]

    def _values_customer_complaint(self, whose, person, company):
        team = {"team's": self.team, "other company": self.far_team}.get(whose, self.strange_team)
        return {
            "name": "Broken", "description": TEXT, "company_id": company.id, "team_id": team.id,
            "partner_id": self._contact(whose, person).id,
        }

    def _make_customer_complaint(self, values, whose, person):
        complaint = self.env["customer.complaint"].create(values)
        user = {"own": self.people[person], "team's": self.colleague, "foreign": self.stranger}.get(whose)
        # Whatever routing thinks of it: these rights are about who is responsible.
        complaint.write({"user_id": user.id if user and not user.share else False, "team_id": values["team_id"]})
        return complaint

    def _values_customer_complaint_escalation(self, whose, person, company):
        return {
            "complaint_id": self._record("customer.complaint", whose, person).id, "round": next(self.numbers),
            "level": 1, "deadline_kind": "resolve", "due": "2026-01-05 10:00:00",
        }

    def _values_customer_complaint_recovery(self, whose, person, company):
        return {}

    def _make_customer_complaint_recovery(self, values, whose, person):
        complaint = self._make("customer.complaint", whose, person)
        complaint._close()
        complaint.flush_recordset()
        return self.env["customer.complaint.recovery"].browse(complaint.id)

    def _values_customer_complaint_held_mail(self, whose, person, company):
        team = {"team's": self.team, "other company": self.far_team}.get(whose, self.strange_team)
        number = next(self.numbers)
        mail = (
            f"From: Jane <jane{number}@example.com>\nTo: desk@example.com\nSubject: Away\n"
            f"Message-Id: <rights{number}@example.com>\n\nI am back on Monday."
        )
        return {
            "company_id": company.id, "team_id": team.id, "reason": "away", "subject": "Away",
            "source": base64.b64encode(mail.encode()),
        }

    def _values_customer_suggestion(self, whose, person, company):
        return {
            "name": "Brighter", "description": TEXT, "company_id": company.id,
            "partner_id": self._contact(whose, person).id,
        }

    def _make_customer_suggestion(self, values, whose, person):
        user = self.people[person] if whose == "own" else self.stranger
        return self.env["customer.suggestion"].create({**values, "user_id": False if user.share else user.id})

    def _values_customer_benefit_metric(self, whose, person, company):
        return {"unit": "faults", "money_per_unit": 100.0, **self._named(whose, company)}

    def _used_metric(self, whose, person, company):
        """Return a metric that is not the one to be deleted: what is used stays."""
        metrics = self.env["customer.benefit.metric"]
        return metrics.create(self._values_customer_benefit_metric("shared", person, company))

    def _values_customer_benefit_goal(self, whose, person, company):
        return {
            "company_id": company.id, "partner_id": self._customer(whose, person).id,
            "metric_id": self._used_metric(whose, person, company).id,
            "baseline": 12.0, "target": 3.0, "date_start": "2024-01-01", "date_target": "2024-12-31",
        }

    def _make_customer_benefit_goal(self, values, whose, person):
        """Return a goal that somebody may accept or decline."""
        user = {"own": self.people[person], "foreign": self.stranger}.get(whose)
        return self.env["customer.benefit.goal"].create({
            **values, "is_proposal": True, "user_id": user.id if user and not user.share else False,
        })

    def _values_customer_benefit_record(self, whose, person, company):
        # No two records of a customer are about the same day.
        day = date(2010, 1, 1) + timedelta(days=next(self.numbers))
        return {
            "company_id": company.id, "partner_id": self._customer(whose, person).id,
            "metric_id": self._used_metric(whose, person, company).id,
            "date_from": day, "date_to": day, "baseline": 12.0, "value": 8.0,
        }

    def _values_customer_benefit_correction(self, whose, person, company):
        return {"record_id": self._record("customer.benefit.record", whose, person).id, "field": "value", "old": "9"}

    def _values_customer_benefit_lock(self, whose, person, company):
        return {"company_id": company.id, "partner_id": next(self.numbers), "saves": 1}

    def _values_customer_suggestion_support(self, whose, person, company):
        suggestion = self._record("customer.suggestion", "foreign" if whose == "own" else whose, person)
        return {"suggestion_id": suggestion.id, "partner_id": self._partner(f"Supporter {next(self.numbers)}").id}

    def _values_customer_contact_channel(self, whose, person, company):
        return {"name": f"Channel {next(self.numbers)}"}

    def _values_customer_contact_log(self, whose, person, company):
        user = {"own": self.people[person], "team's": self.colleague}.get(whose, self.stranger)
        return {
            "company_id": company.id, "partner_id": self._customer(whose, person).id, "summary": "They grow",
            "user_id": (self.stranger if user.share else user).id,
        }

    def _values_customer_contact_wizard(self, whose, person, company):
        return {"partner_ids": [Command.set(self._customer(whose, person).ids)], "summary": "They grow"}

    def _values_calendar_event(self, whose, person, company):
        user = self.people[person]
        return {
            "name": "Visit", "start": "2026-01-05 10:00:00", "stop": "2026-01-05 11:00:00", "user_id": user.id,
            "partner_ids": [Command.set((user.partner_id | self._customer(whose, person)).ids)],
        }

    def _values_customer_contact_note(self, whose, person, company):
        return {"company_id": company.id, "partner_id": self._customer(whose, person).id, "text": "Call late"}

    def _make_customer_contact_note(self, values, whose, person):
        return self._noted("customer.contact.note", values, whose, person)

    def _values_customer_life_event(self, whose, person, company):
        return {"company_id": company.id, "partner_id": self._customer(whose, person).id, "name": "Moved"}

    def _make_customer_life_event(self, values, whose, person):
        return self._noted("customer.life.event", values, whose, person)

    def _noted(self, model, values, whose, person):
        """Return a record that somebody wrote, whom the program names."""
        user = self.people[person] if whose == "own" else self.stranger
        return self.env[model].create({**values, "user_id": (self.stranger if user.share else user).id})

    def _values_customer_phone_lookup(self, whose, person, company):
        return {"partner_id": self._customer(whose, person).id}

    def _make_customer_need(self, values, whose, person):
        user = self.people[person]
        return self.env["customer.need"].create(
            {**values, "user_id": user.id} if whose == "own" and not user.share else values
        )

    def _values_customer_need(self, whose, person, company):
        need_type = self.env["customer.need.type"].create(self._values_customer_need_type(whose, person, company))
        values = {
            "company_id": company.id, "partner_id": self._customer(whose, person).id, "type_id": need_type.id,
            # A day that is over in every time zone: today of one person may be tomorrow of another one.
            "date": date(2026, 1, 5),
        }
        return values if whose == "own" else {**values, "user_id": self.stranger.id}

    def _values_customer_need_change(self, whose, person, company):
        return {
            "need_id": self._record("customer.need", whose, person).id, "date": date(2026, 1, 5), "state": "met",
        }

    def _values_customer_need_demand(self, whose, person, company):
        return {}

    def _make_customer_need_demand(self, values, whose, person):
        # A row of its own, of somebody whom everybody may serve.
        need = self.env["customer.need"].create({
            "company_id": (self.there if whose == "other company" else self.here).id,
            "partner_id": self._partner(f"Customer {next(self.numbers)}").id,
            "type_id": self.env["customer.need.type"].create(self._values("customer.need.type", whose, person)).id,
        })
        need.flush_recordset()
        return self.env["customer.need.demand"].browse(need.id)

    def _values_customer_need_type(self, whose, person, company):
        return {"name": f"Type {next(self.numbers)}", "dimension": "economic"}

    def _values_customer_need_answer(self, whose, person, company):
        objection = self.env["customer.need.type"].create({"name": "Too expensive", "kind": "objection"})
        return {"text": f"Answer {next(self.numbers)}", "type_id": objection.id}

    def _values_customer_feedback(self, whose, person, company):
        return {
            "company_id": company.id, "partner_id": self._customer(whose, person).id, "scale": "nps",
            "about": "company",
        }

    def _values_customer_feedback_rule(self, whose, person, company):
        return {"question": "How was it?", **self._named(whose, company)}

    def _make_customer_feedback_preview(self, values, whose, person):
        # An action makes it, which nobody can without it.
        maker = self.people[person] if whose == "own" else self.stranger
        return self.env["customer.feedback.preview"].with_user(maker).sudo().create(values).with_env(self.env)

    def _values_customer_feedback_preview(self, whose, person, company):
        return {"rule_id": self._record("customer.feedback.rule", "company's", person).id}

    def _make_customer_feedback_preview_line(self, values, whose, person):
        maker = self.people[person] if whose == "own" else self.stranger
        return self.env["customer.feedback.preview.line"].with_user(maker).sudo().create(values).with_env(self.env)

    def _values_customer_feedback_preview_line(self, whose, person, company):
        return {
            "preview_id": self._record("customer.feedback.preview", whose, person).id, "outcome": "asked", "number": 1,
        }

    def _named(self, whose, company):
        return {"name": f"Rights {next(self.numbers)}", **self._company_values(whose, company)}

    def _values_customer_complaint_team(self, whose, person, company):
        return self._named(whose, company)

    def _values_customer_complaint_category(self, whose, person, company):
        return self._named(whose, company)

    def _values_customer_suggestion_area(self, whose, person, company):
        return self._named(whose, company)

    def _values_customer_lifecycle_stage(self, whose, person, company):
        return {**self._named(whose, company), "purchases": "never"}

    def _values_customer_service_flow(self, whose, person, company):
        return {**self._named(whose, company), "one_contact": True}

    def _values_customer_complaint_sla(self, whose, person, company):
        return {**self._named(whose, company), "resolve_hours": 8.0}

    def _values_customer_complaint_sla_level(self, whose, person, company):
        rule = self.env["customer.complaint.sla"].create(
            self._values_customer_complaint_sla(whose, person, company)
        )
        return {"sla_id": rule.id, "hours": 1.0}

    def _values_customer_service_flow_step(self, whose, person, company):
        flow = self.env["customer.service.flow"].create({**self._named(whose, company), "active": False})
        team = self.far_team if company == self.there else self.team
        return {"name": "Step", "flow_id": flow.id, "team_id": team.id}

    def _values_customer_complaint_cause(self, whose, person, company):
        return {"name": f"Cause {next(self.numbers)}"}

    _values_customer_complaint_tag = _values_customer_complaint_cause
    _values_customer_complaint_stage = _values_customer_complaint_cause
    _values_customer_suggestion_stage = _values_customer_complaint_cause

    def _values_customer_voice_flood(self, whose, person, company):
        return {"key": f"ip:{next(self.numbers)}", "start": "2026-01-05 10:00:00", "hits": 1}

    def _values_customer_value(self, whose, person, company):
        return {"company_id": company.id, "partner_id": self._customer(whose, person).id}

    def _values_customer_value_snapshot(self, whose, person, company):
        return {**self._values_customer_value(whose, person, company), "date": date(2026, 1, 31)}

    _values_customer_lifecycle_transition = _values_customer_value_snapshot

    def _values_customer_purchase_history(self, whose, person, company):
        return {**self._values_customer_value_snapshot(whose, person, company), "amount": 10.0}

    def _values_customer_purchase_history_line(self, whose, person, company):
        return {"purchase_id": self._record("customer.purchase.history", whose, person).id, "product_name": "Lamp"}

    def _values_customer_purchase_import_batch(self, whose, person, company):
        return {"company_id": company.id, "name": "purchases.csv"}

    def _values_customer_value_purchase(self, whose, person, company):
        return {}

    def _make_customer_value_purchase(self, values, whose, person):
        # Nothing of it is stored: it is there when a customer who has a value bought something.
        self._record("customer.value", whose, person)
        bought = self._record("customer.purchase.history", whose, person)
        purchases = self.env["customer.value.purchase"]
        return purchases.browse(purchases._number(bought))

    def _values_customer_value_policy(self, whose, person, company):
        return {"company_id": company.id}

    def _values_customer_value_policy_weight(self, whose, person, company):
        industry = self.env["res.partner.industry"].create({"name": f"Rights {next(self.numbers)}"})
        return {
            "policy_id": self._record("customer.value.policy", whose, person).id, "part": "loyalty", "weight": 5.0,
            "industry_id": industry.id,
        }

    def _values_customer_value_weight_choice(self, whose, person, company):
        return {"part": "loyalty", "weight": 5.0}

    def _values_customer_value_run(self, whose, person, company):
        return {"company_id": company.id, "kind": "full"}

    def _values_customer_value_mark(self, whose, person, company):
        return {"company_id": company.id, "partner_id": 1}

    def _values_customer_complaint_reason(self, whose, person, company):
        complaint = self._record("customer.complaint", "own", person)
        return {"complaint_ids": [Command.set(complaint.ids)], "purpose": "reject", "reason": "Because"}

    def _values_customer_complaint_merge(self, whose, person, company):
        complaint = self._record("customer.complaint", "own", person)
        target = self._make("customer.complaint", "own", person)
        target.partner_id = complaint.partner_id
        return {"complaint_ids": [Command.set((complaint | target).ids)], "target_id": target.id}

    def _values_customer_complaint_credit(self, whose, person, company):
        complaint = self._record("customer.complaint", "own", person)
        return {"complaint_id": complaint.id, "amount": 10.0, "reason": "Broken", "date": date(2026, 1, 5)}

    def _values_customer_suggestion_merge(self, whose, person, company):
        suggestions = [self._make("customer.suggestion", "own", person).id for _number in range(2)]
        return {"suggestion_ids": [Command.set(suggestions)], "target_id": suggestions[0]}

    def _values_customer_suggestion_decline(self, whose, person, company):
        suggestion = self._record("customer.suggestion", "own", person)
        return {"suggestion_id": suggestion.id, "reason": "Because"}

    def _values_customer_benefit_settlement(self, whose, person, company):
        # sudo: as on the portal.
        record = self._record("customer.benefit.record", "own", person).sudo()
        record._contest(record.partner_id, "Wrong")
        return {"record_id": record.id, "outcome": "stays", "words": "Because"}

    def _values_customer_benefit_statement(self, whose, person, company):
        return {"partner_id": self._customer("own", person).id, "year": date.today().year}

    def _values_customer_value_bulk(self, whose, person, company):
        value = self._record("customer.value", "own", person)
        tag = self.env["res.partner.category"].create({"name": f"Rights {next(self.numbers)}"})
        return {
            "value_ids": [Command.set(value.ids)], "purpose": "tags", "category_ids": [Command.set(tag.ids)],
        }

    def _values_customer_care_level(self, whose, person, company):
        return {"name": "Key", "company_id": company.id}

    def _values_customer_care_level_attention(self, whose, person, company):
        return {"company_id": company.id}

    def _make_customer_care_level_attention(self, values, whose, person):
        # The only customer of a company of its own stands for the row.
        value = self._record("customer.value", "other company" if whose == "other company" else "own", person)
        value.flush_recordset()
        found = self.env["customer.care.level.attention"].search([
            ("company_id", "=", value.company_id.id), ("care_level_id", "=", value.care_level_id.id),
        ])
        found.ensure_one()
        return found

    def _values_customer_care_level_choice(self, whose, person, company):
        level = self._record("customer.care.level", "company's", person)
        level.sudo().is_on = True
        return {
            "value_ids": [Command.set(self._record("customer.value", "own", person).ids)], "level_id": level.id,
            "reason": "Signed",
        }

    def _values_customer_care_level_preview(self, whose, person, company):
        return {"company_id": company.id}

    def _values_customer_care_level_preview_line(self, whose, person, company):
        return {"preview_id": self._record("customer.care.level.preview", "own", person).id}

    def _values_customer_relationship_break(self, whose, person, company):
        return {"partner_id": self._customer(whose, person).id, "reason": "Wrong"}

    def _values_customer_value_pin(self, whose, person, company):
        value = self._record("customer.value", "own", person)
        stage = self._record("customer.lifecycle.stage", "company's", person)
        return {"value_ids": [Command.set(value.ids)], "stage_id": stage.id, "reason": "Because"}

    def _values_customer_value_dry_run(self, whose, person, company):
        policy = self.env["customer.value.policy"]._get_active(company)
        return {"policy_id": policy.id, **{name: policy[name] for name in policy._scoring_fields}}

    def _values_customer_value_dry_run_stage(self, whose, person, company):
        return {
            "dry_run_id": self._record("customer.value.dry.run", "own", person).id,
            "stage_id": self._record("customer.lifecycle.stage", "company's", person).id,
        }

    def _values_customer_value_dry_run_change(self, whose, person, company):
        return {
            "dry_run_id": self._record("customer.value.dry.run", "own", person).id,
            "partner_id": self._customer("foreign", person).id,
        }

    def _values_customer_purchase_import(self, whose, person, company):
        return {"company_id": company.id, "file_name": "purchases.csv"}

    _values_customer_benefit_import = _values_customer_purchase_import
    _values_customer_benefit_import_batch = _values_customer_purchase_import_batch

    def _values_customer_benefit_import_column(self, whose, person, company):
        return {"import_id": self._record("customer.benefit.import", "own", person).id, "header": "Value"}

    def _values_customer_care_rule(self, whose, person, company):
        owner = self.people[person] if whose == "own" else self.stranger
        return {
            "name": f"Rights {next(self.numbers)}", "company_id": company.id, "user_id": owner.id, "action": "lead",
            "lead_name": "Rights",
        }

    def _values_customer_care_log(self, whose, person, company):
        rule = self._make("customer.care.rule", "other company" if whose == "other company" else "foreign", person)
        return {
            "rule_id": rule.id, "company_id": company.id, "partner_id": self._customer(whose, person).id,
            "user_id": self.stranger.id if whose == "foreign" else False, "occasion": "rights", "date": "2026-01-05",
        }

    def _values_customer_next_action(self, whose, person, company):
        user = self.people[person] if whose == "own" else self.stranger
        return {
            "company_id": company.id, "user_id": user.id, "kind": "at_risk", "facts": {"risk": 80}, "state": "open",
            "partner_id": self._partner(f"Customer {next(self.numbers)}", user_id=user.id).id,
            "date_first": "2026-01-05",
        }

    def _values_customer_next_action_answer(self, whose, person, company):
        return {"action_id": self._record("customer.next.action", "own", person).id, "answer": "later"}

    def _values_customer_next_action_effect(self, whose, person, company):
        return {"company_id": company.id}

    def _make_customer_next_action_effect(self, values, whose, person):
        action = self._make("customer.next.action", "other company" if whose == "other company" else "foreign", person)
        action.flush_recordset()
        found = self.env["customer.next.action.effect"].search([
            ("company_id", "=", action.company_id.id), ("kind", "=", action.kind),
        ])
        found.ensure_one()
        return found

    def _values_customer_care_preview(self, whose, person, company):
        return {"company_id": company.id}

    def _values_customer_care_preview_line(self, whose, person, company):
        return {
            "preview_id": self._record("customer.care.preview", "own", person).id, "name": "Rights",
            "rule_id": self._make("customer.care.rule", "foreign", person).id,
            "partner_id": self._customer("own", person).id,
        }

    def _values_customer_offer(self, whose, person, company):
        return {
            "company_id": company.id, "partner_id": self._customer(whose, person).id,
            "product_id": self.env["product.product"].create({"name": f"Rights {next(self.numbers)}"}).id,
        }

    def _make_customer_offer(self, values, whose, person):
        user = self.people[person] if whose == "own" else self.stranger
        return self.env["customer.offer"].create({**values, "user_id": user.id})

    def _values_customer_offer_refusal(self, whose, person, company):
        values = self._values_customer_offer(whose, person, company)
        return {name: values[name] for name in ("company_id", "partner_id", "product_id")} | {"refusal": "price"}

    def _values_customer_offer_proposal(self, whose, person, company):
        values = self._values_customer_offer(whose, person, company)
        day = date(2026, 1, 5)
        return {name: values[name] for name in ("company_id", "partner_id", "product_id")} | {
            "because_id": values["product_id"], "date_first": day, "date": day,
        }

    def _values_customer_offer_effect(self, whose, person, company):
        return {"company_id": company.id}

    def _make_customer_offer_effect(self, values, whose, person):
        offer = self._record("customer.offer", "other company" if whose == "other company" else "own", person)
        offer.flush_recordset()
        company = values["company_id"]
        return self.env["customer.offer.effect"].search([("company_id", "=", company), ("is_total", "=", True)])

    def _values_customer_product_buyers(self, whose, person, company):
        product = self.env["product.product"].create({"name": f"Rights {next(self.numbers)}"})
        return {"company_id": company.id, "product_id": product.id, "customers": 5, "buyers": "rights"}

    def _values_customer_product_gain(self, whose, person, company):
        product = self.env["product.product"].create({"name": f"Rights {next(self.numbers)}"})
        return {"company_id": company.id, "product_id": product.id, "customers": 1, "gain": 5.0, "largest": 5.0}

    def _values_customer_product_upgrade(self, whose, person, company):
        product, better = self.env["product.product"].create([
            {"name": f"Rights {next(self.numbers)}"} for _ in "ab"
        ])
        return {
            "company_id": company.id, "product_id": product.id, "better_id": better.id, "moved": 5, "customers": 10,
        }

    def _values_customer_product_neighbour(self, whose, person, company):
        product, other = self.env["product.product"].create([{"name": f"Rights {next(self.numbers)}"} for _ in "ab"])
        return {
            "company_id": company.id, "product_id": product.id, "other_id": other.id, "score": 0.5, "in_common": 5,
            "customers": 10,
        }

    def _values_customer_category_neighbour(self, whose, person, company):
        category, other = self.env["product.category"].create([{"name": f"Rights {next(self.numbers)}"} for _ in "ab"])
        return {
            "company_id": company.id, "category_id": category.id, "other_id": other.id, "score": 0.5, "in_common": 5,
            "customers": 10,
        }

    def _values_customer_lead_estimate(self, whose, person, company):
        return {"company_id": company.id}

    def _make_customer_lead_estimate(self, values, whose, person):
        # A company has one.
        estimates = self.env["customer.lead.estimate"]
        return estimates.search([("company_id", "=", values["company_id"])]) or estimates.create(values)

    def _values_customer_lead_group(self, whose, person, company):
        return {
            "estimate_id": self._record("customer.lead.estimate", whose, person).id, "trait": "kind",
            "key": next(self.numbers),
        }

    def _values_customer_rescue(self, whose, person, company):
        return {
            "company_id": company.id, "partner_id": self._customer(whose, person).id, "kind": "keep",
            "user_id": self.people[person].id if whose == "own" else self.stranger.id,
            "date": date(2026, 1, 5) + timedelta(days=next(self.numbers)),
        }

    def _values_customer_rescue_report(self, whose, person, company):
        return {"company_id": company.id}

    def _make_customer_rescue_report(self, values, whose, person):
        # The only effort of its company stands for the row.
        rescue = self._record("customer.rescue", "other company" if whose == "other company" else "own", person)
        rescue.flush_recordset()
        return self.env["customer.rescue.report"].browse(rescue.id)

    def _values_customer_rescue_plan(self, whose, person, company):
        return {"company_id": company.id, "number": 20}

    def _values_customer_rescue_plan_line(self, whose, person, company):
        return {
            "plan_id": self._record("customer.rescue.plan", whose, person).id,
            "partner_id": self._customer("own", person).id, "user_id": self.people[person].id,
        }

    def _values_customer_festival(self, whose, person, company):
        return {"name": f"Rights {next(self.numbers)}"}

    def _values_customer_festival_day(self, whose, person, company):
        day = date(2050, 1, 1) + timedelta(days=next(self.numbers))
        return {"festival_id": self._record("customer.festival", "shared", person).id, "date": day}

    def _values_customer_benefit_privacy(self, whose, person, company):
        return {"partner_id": self._customer("own", person).id}

    def _values_customer_word_of_mouth(self, whose, person, company):
        return {"date_from": date.today(), "date_to": date.today()}

    def _values_customer_purchase_import_column(self, whose, person, company):
        return {"import_id": self._record("customer.purchase.import", "own", person).id, "header": "Amount"}

    def _values_customer_purchase_import_unknown(self, whose, person, company):
        return {
            "import_id": self._record("customer.purchase.import", "own", person).id, "kind": "customer", "key": "1",
            "name": "Acme",
        }
