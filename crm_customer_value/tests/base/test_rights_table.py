"""The table of rights in the README: each cell is tried, by the ORM and, systematically chosen, by requests."""

import base64
import json
from datetime import datetime, timedelta
from functools import partial

from odoo import Command
from odoo.exceptions import AccessError, MissingError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rights_case import ADDONS, RightsCase
from .rights_declared import GLUE_METHODS, INVOICING, METHODS, PEOPLE, README, RIGHTS, columns, written

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
QUIET = (
    "odoo.orm.models", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule",
    "odoo.http", "odoo.addons.rpc.controllers.json2",
)
# What is changed of a record to see whether it may be.
WRITTEN = {
    "customer.care.level.attention": {"customers": 2},
    "customer.offer": {"note": "Changed"},
    "customer.offer.effect": {"offered": 2},
    "customer.offer.proposal": {"in_common": 6},
    "customer.offer.refusal": {"note": "Changed"},
    "customer.product.buyers": {"customers": 6},
    "customer.category.neighbour": {"in_common": 6},
    "customer.product.gain": {"customers": 6},
    "customer.product.neighbour": {"in_common": 6},
    "customer.product.upgrade": {"moved": 6},
    "customer.care.level.choice": {"reason": "Other"},
    "customer.care.level.preview": {"company_id": 1},
    "customer.care.level.preview.line": {"customers": 2},
    "customer.relationship.break": {"reason": "Other"},
    "customer.benefit.correction": {"reason": "Other"},
    "customer.benefit.goal": {"plan": "Other"},
    "customer.benefit.lock": {"saves": 2},
    "customer.benefit.record": {"note": "Other"},
    "customer.benefit.settlement": {"words": "Other"},
    "customer.benefit.statement": {"year": 2020},
    "customer.care.log": {"error": "Other"},
    "customer.lead.estimate": {"mean": 2},
    "customer.lead.group": {"mean": 2},
    "customer.rescue": {"offer": "Other"},
    "customer.rescue.plan": {"offer": "Other"},
    "customer.rescue.plan.line": {"reason": "price"},
    "customer.rescue.report": {"efforts": 2},
    "customer.care.preview": {"notice": "Other"},
    "customer.next.action": {"note": "Other"},
    "customer.next.action.answer": {"note": "Other"},
    "customer.next.action.effect": {"shown": 2},
    "customer.complaint.escalation": {"round": 99},
    "customer.voice.flood": {"hits": 2},
    "customer.complaint.recovery": {"progress": "complete"},
    "customer.complaint.reason": {"reason": "Other"},
    "customer.complaint.credit": {"reason": "Other"},
    "customer.complaint.merge": {"complaint_ids": []},
    "customer.complaint.sla.level": {"hours": 2.0},
    "customer.contact.log": {"summary": "Other"},
    "customer.contact.wizard": {"summary": "Other"},
    "customer.feedback": {"comment": "Other"},
    "customer.feedback.preview": {"summary": "Other"},
    "customer.feedback.preview.line": {"number": 2},
    "customer.festival.day": {"date": "2049-01-01"},
    "customer.contact.note": {"text": "Other"},
    "customer.lifecycle.transition": {"note": "Other"},
    "customer.complaint.held.mail": {"subject": "Other"},
    "customer.need": {"words": "Other"},
    "customer.need.answer": {"text": "Other"},
    "customer.need.change": {"state": "open"},
    "customer.need.demand": {"kind": "objection"},
    "customer.phone.lookup": {"number": "5550102030"},
    "customer.purchase.history": {"amount": 11.0},
    "customer.purchase.history.line": {"product_id": False},
    "customer.purchase.import": {"file_name": "other.csv"},
    "customer.purchase.import.column": {"header": "Other"},
    "customer.benefit.import": {"file_name": "other.csv"},
    "customer.benefit.import.batch": {"name": "other.csv"},
    "customer.benefit.import.column": {"header": "Other"},
    "customer.benefit.privacy": {"partner_id": 1},
    "customer.word.of.mouth": {"date_from": "2020-01-01"},
    "customer.purchase.import.unknown": {"wanted": False},
    "customer.suggestion.decline": {"reason": "Other"},
    "customer.suggestion.merge": {"suggestion_ids": []},
    "customer.suggestion.support": {"partner_id": 1},
    "customer.value": {"value_index": 1.0},
    "customer.value.dry.run": {"pareto_a": 70.0},
    "customer.value.dry.run.change": {"note": "appears"},
    "customer.value.dry.run.stage": {"purchase_days_from": 3},
    "customer.value.mark": {"partner_id": 2},
    "customer.value.pin": {"reason": "Other"},
    "customer.value.policy": {"snapshot_months": 12},
    "customer.value.policy.weight": {"weight": 6.0},
    "customer.value.run": {"error": "Other"},
    "customer.value.snapshot": {"value_index": 1.0},
    "customer.value.weight.choice": {"weight": 6.0},
}
# What a request answers that is refused.
REFUSED = {"odoo.exceptions.AccessError", "odoo.exceptions.MissingError", "odoo.http.SessionExpiredException"}


@tagged("post_install", "-at_install")
class TestRightsTable(RightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cells = [
            (model, whose, person, letter, letter in allowed)
            for model, rows in RIGHTS.items()
            for whose, line in rows.items()
            for person, allowed in columns(line).items()
            for letter in OPERATIONS
            # Whoever fills in a wizard has made it.
            if letter != "c" or whose == "own" or not cls.env[model]._transient
        ]

    def _ours(self):
        """Return the classes of each model that come from these addons: {model name: [class]}."""
        prefixes = tuple(f"odoo.addons.{addon}." for addon in ADDONS)
        found = {}
        for name, model in self.registry.items():
            if not model._abstract:
                classes = [cls for cls in model.mro() if f"{cls.__module__}.".startswith(prefixes)]
                if classes:
                    found[name] = classes
        return found

    # ---- the table itself --------------------------------------------------------------

    def test_readme_shows_the_table(self):
        self.assertEqual(
            README.read_text(encoding="utf-8"), written(),
            "The tables of rights in the README are not those that are declared. Write them anew:\n"
            "    python3 crm_customer_value/tests/base/rights_declared.py",
        )

    def test_every_model_has_a_row(self):
        ours = {
            name for name, model in self.registry.items()
            if model._original_module in ADDONS and not model._abstract
        }
        self.assertEqual(
            ours - RIGHTS.keys(), set(),
            "These models have no line in RIGHTS of tests/base/rights_declared.py. Decide who may do what with their "
            "records, write it there, and tell in tests/base/rights_case.py what such a record is made of.",
        )
        self.assertEqual(RIGHTS.keys() - ours, set(), "RIGHTS names models that do not exist.")
        for name in ours:
            company = self.env[name]._fields.get("company_id")
            if company and company.type == "many2one" and not self.env[name]._transient:
                self.assertIn(
                    "other company", RIGHTS[name], f"RIGHTS says nothing of records of {name} of other companies."
                )

    def test_every_public_method_is_declared(self):
        found = {
            f"{name}.{method}"
            for name, classes in self._ours().items()
            for method in self._public_methods(self.registry[name], classes)
        }
        declared = {f"{name}.{method}" for name, methods in METHODS.items() for method in methods}
        glue = {f"{name}.{method}" for name, methods in GLUE_METHODS.items() for method in methods}
        self.assertEqual(
            found - declared - glue, set(),
            "These methods can be called by any program. Give them a name that starts with an underscore, or say in "
            "METHODS of tests/base/rights_declared.py who may call them.",
        )
        self.assertEqual(declared - found, set(), "METHODS names what does not exist, or is private.")

    def _public_methods(self, model, classes):
        """Return the names of the endpoints that exist because of these addons."""
        others = [
            cls for cls in model.mro()
            if cls not in classes and cls.__module__.startswith(("odoo.addons.", "odoo.orm.", "odoo.models"))
        ]
        names = {
            name for cls in classes for name, value in vars(cls).items()
            if not name.startswith("_") and callable(value) and not isinstance(value, type)
        }
        return {
            name for name in names
            if not any(name in vars(cls) for cls in others)
            and not any(getattr(vars(cls).get(name), "_api_private", False) for cls in model.mro())
        }

    def test_what_the_gateway_alone_calls_is_private(self):
        for name in ("message_new", "message_update", "rating_apply"):
            with self.assertRaises(AccessError, msg=name):
                get_public_method(self.env["customer.complaint"], name)

    # ---- by the ORM ----------------------------------------------------------------------

    def test_each_cell(self):
        """Every model, person, operation and record, for real."""
        wrong = []
        with mute_logger(*QUIET):
            for model, whose, person, letter, allowed in self.cells:
                found = self._succeeds(self._attempt(model, whose, person, letter))
                if found != allowed:
                    wrong.append(f"{person} {'may' if found else 'may not'} {OPERATIONS[letter]} {whose} {model}")
        self.assertFalse(wrong, "\n".join(["Otherwise than RIGHTS in tests/base/rights_declared.py says:", *wrong]))

    def _attempt(self, model, whose, person, letter):
        """Return what tries one cell, with all that it needs made ready."""
        if letter == "c":
            values = self._values(model, whose, person)
            return lambda: self._as(person, self.env[model]).create(values)
        record = self._as(person, self._record(model, whose, person))
        return {
            "r": lambda: self._read(record),
            "w": lambda: record.write(WRITTEN.get(model, {"name": "Changed"})),
            "d": record.unlink,
        }[letter]

    def _read(self, record):
        # What does not exist for somebody comes back empty.
        if not record.read(["display_name"]):
            raise MissingError(record)

    # ---- public methods --------------------------------------------------------------------

    def test_each_public_method(self):
        """Every public method of ours, by everybody, on a record of their own."""
        self.env["account.chart.template"].try_loading("generic_coa", self.here, install_demo=False)
        wrong = []
        with mute_logger(*QUIET):
            for model, methods in METHODS.items():
                for method, callers in methods.items():
                    for person in (*PEOPLE, *INVOICING):
                        with self._undone():
                            record = self._as(person, self._subject(model, method, person).sudo(False))
                            found = self._succeeds(partial(call_kw, record.browse(), method, [record.ids], {}))
                        # Whoever writes invoices serves as well.
                        expected = person in callers or (person in INVOICING and "service own" in callers)
                        if found != expected:
                            wrong.append(f"{person} {'calls' if found else 'is refused'} {model}.{method}")
        self.assertFalse(wrong, "\n".join(["Otherwise than METHODS in tests/base/rights_declared.py says:", *wrong]))

    def _subject(self, model, method, person):
        """Return the record that ``person`` calls a method on, ready for it."""
        prepare = getattr(self, f"_subject_{model.replace('.', '_')}", None)
        if prepare:
            return prepare(method, person)
        return self._record(model, next(iter(RIGHTS[model])), person)

    def _subject_customer_rescue_plan(self, method, person):
        # Somebody was found, and is in the list.
        self._record("customer.rescue.plan.line", "own", person)
        plan = self._record("customer.rescue.plan", "own", person)
        plan.sudo().is_found = True
        return plan

    def _subject_crm_team(self, method, person):
        return self.env["crm.team"].create({"name": "Sells", "company_id": self.here.id})

    def _subject_calendar_event(self, method, person):
        """Return a meeting of theirs that took place with a customer."""
        return self.env["calendar.event"].create(self._values_calendar_event("own", person, self.here))

    def _subject_customer_complaint(self, method, person):
        complaint = self._record("customer.complaint", "own", person)
        if method == "action_hand_over":
            flow = self.env["customer.service.flow"].create({
                "name": "Two Steps", "company_id": self.here.id,
                "step_ids": [
                    Command.create({"name": "First", "sequence": 1, "team_id": self.team.id}),
                    Command.create({"name": "Second", "sequence": 2, "team_id": self.strange_team.id}),
                ],
            })
            complaint.write({"flow_id": flow.id, "step_id": flow.step_ids[0].id})
        return complaint

    def _subject_customer_benefit_record(self, method, person):
        record = self._record("customer.benefit.record", "own", person)
        if method == "action_settle":
            # sudo: as on the portal.
            record.sudo()._contest(record.partner_id, "Wrong")
        return record

    def _subject_customer_value_policy(self, method, person):
        return self.env["customer.value.policy"].create({"company_id": self.here.id})

    def _subject_customer_value_dry_run(self, method, person):
        dry_run = self._record("customer.value.dry.run", "own", person)
        dry_run.pareto_a = 70.0
        if method == "action_apply":
            dry_run.action_try()
        return dry_run

    def _subject_customer_purchase_import(self, method, person):
        # What is made of the file on the way belongs to whoever imports it.
        imported = self._record("customer.purchase.import", "own", person).with_user(self.people[person]).sudo()
        imported.file = base64.b64encode(f"Customer Name,Date,Amount\n{self.family.name},2026-01-05,10\n".encode())
        steps = {
            "action_check": ["action_read"],
            "action_import": ["action_read", "action_check"],
            "action_ask_undo": ["action_read", "action_check", "action_import"],
        }
        for step in steps.get(method, ()):
            getattr(imported, step)()
        return imported

    def _subject_customer_benefit_import(self, method, person):
        # As for purchases.
        imported = self._record("customer.benefit.import", "own", person).with_user(self.people[person]).sudo()
        metric = self.env["customer.benefit.metric"].create({"name": f"Rights {next(self.numbers)}", "unit": "x"})
        imported.file = base64.b64encode(
            f"Customer Name,Metric,Month,Value\n{self.family.name},{metric.name},2026-01,10\n".encode()
        )
        steps = {
            "action_check": ["action_read"],
            "action_import": ["action_read", "action_check"],
            "action_ask_undo": ["action_read", "action_check", "action_import"],
            "action_open_records": ["action_read", "action_check", "action_import"],
            "action_open_to_check": ["action_read", "action_check", "action_import"],
        }
        for step in steps.get(method, ()):
            getattr(imported, step)()
        return imported

    def _subject_customer_benefit_import_batch(self, method, person):
        batch = self._record("customer.benefit.import.batch", "company's", person)
        self._brought(person).batch_id = batch
        return batch

    def _subject_customer_benefit_privacy(self, method, person):
        privacy = self._record("customer.benefit.privacy", "own", person)
        self._brought(person).partner_id = privacy.partner_id
        return privacy

    def _brought(self, person):
        """Return a measurement."""
        metric = self.env["customer.benefit.metric"].create({"name": f"Rights {next(self.numbers)}", "unit": "x"})
        return self.env["customer.benefit.record"].create({
            "company_id": self.here.id, "partner_id": self._customer("own", person).id, "metric_id": metric.id,
            "date_from": "2026-01-01", "date_to": "2026-01-31", "value": 1.0,
        })

    def _subject_customer_purchase_import_batch(self, method, person):
        batch = self._record("customer.purchase.import.batch", "company's", person)
        self._make("customer.purchase.history", "foreign", person).batch_id = batch
        return batch

    def _subject_res_config_settings(self, method, person):
        return self.env["res.config.settings"]

    def _subject_res_partner(self, method, person):
        user = self.people[person]
        partner = user.partner_id if user.share else self._customer("own", person)
        if method == "action_accept_care_proposal":
            flow = self.env["customer.service.flow"].create({
                "name": "Proposed", "company_id": self.here.id, "one_contact": True,
            })
            level = self.env["customer.care.level"].create({
                "name": "Key", "service_flow_id": flow.id, "company_id": self.here.id,
            })
            values = self.env["customer.value"].search([("partner_id", "=", partner.commercial_partner_id.id)])
            values = values or self._record("customer.value", "own", person)
            values.care_level_id = level
        return partner

    def _subject_product_template(self, method, person):
        return self.env["product.template"].create({"name": "Rights Product"})

    def _subject_sale_order(self, method, person):
        return self.env["sale.order"].create({
            "company_id": self.here.id, "partner_id": self._customer("own", person).id,
            "user_id": self.people[person].id,
        })

    def _subject_crm_lead(self, method, person):
        user = self.people[person]
        return self.env["crm.lead"].create({
            "name": "Rights Lead", "company_id": self.here.id, "user_id": False if user.share else user.id,
            "partner_id": self._customer("own", person).id,
        })

    def _subject_account_move(self, method, person):
        return self.env["account.move"].with_company(self.here).create({
            "move_type": "out_invoice", "partner_id": self._customer("own", person).id,
            "invoice_user_id": self.people[person].id,
        })

    # ---- as programs call --------------------------------------------------------------------

    def test_requests(self):
        """The same by call_kw of a session and by JSON-2 with a key: each model and person, each another cell."""
        wrong = []
        with mute_logger(*QUIET):
            for number, person in enumerate(PEOPLE):
                user = self.people[person]
                if person == "public":
                    self.authenticate(None, None)
                else:
                    self.authenticate(user.login, user.login)
                key = self._key(user)
                for position, (model, rows) in enumerate(RIGHTS.items(), start=number):
                    whose = list(rows)[position % len(rows)]
                    allowed = columns(rows[whose])[person]
                    for way, step in ((self._ask_call_kw, 0), (self._ask_json2, 1)):
                        letter = list(OPERATIONS)[(position + step) % len(OPERATIONS)]
                        if (model, whose, person, letter, letter in allowed) not in self.cells:
                            continue
                        request = self._request(model, whose, person, letter)
                        with self._undone():
                            found = way(model, letter, *request, key)
                        if found != (letter in allowed):
                            wrong.append(
                                f"{way.__name__}: {person} {'may' if found else 'may not'} {OPERATIONS[letter]} "
                                f"{whose} {model}"
                            )
        self.assertFalse(wrong, "\n".join(["Otherwise than RIGHTS in tests/base/rights_declared.py says:", *wrong]))

    def _key(self, user):
        """Return a key of this user for programs; the public has none."""
        if user._is_public():
            return None
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(None, "rights", datetime.now() + timedelta(days=1))

    def _request(self, model, whose, person, letter):
        """Return (ids, keyword arguments) of a call, ready for JSON."""
        if letter == "c":
            values = self._values(model, whose, person)
            return None, {"vals_list": json.loads(json.dumps([values], default=str))}
        ids = self._record(model, whose, person).ids
        return ids, {
            "r": {"fields": ["display_name"]}, "w": {"vals": WRITTEN.get(model, {"name": "Changed"})}, "d": {},
        }[letter]

    def _ask_call_kw(self, model, letter, ids, arguments, _key):
        answer = self.url_open("/web/dataset/call_kw", json={"params": {
            "model": model, "method": OPERATIONS[letter], "kwargs": {},
            "args": [*filter(None, [ids]), *arguments.values()],
        }}).json()
        if "error" not in answer:
            return bool(answer["result"])
        self.assertIn(answer["error"]["data"]["name"], REFUSED, answer["error"]["data"]["message"])
        return False

    def _ask_json2(self, model, letter, ids, arguments, key):
        answer = self.url_open(
            f"/json/2/{model}/{OPERATIONS[letter]}", json={**arguments, **({"ids": ids} if ids else {})},
            headers={"Authorization": f"Bearer {key}"} if key else {},
        )
        if answer.status_code == 200:
            return bool(answer.json())
        self.assertIn(answer.status_code, (401, 403, 404), answer.text)
        return False

    def test_private_methods_by_request(self):
        """What starts with an underscore, or is marked as private, no program calls."""
        person = "service admin"
        self.authenticate(self.people[person].login, self.people[person].login)
        complaint = self._record("customer.complaint", "own", person)
        with mute_logger(*QUIET):
            for method in ("_close", "message_update", "rating_apply"):
                answer = self.url_open("/web/dataset/call_kw", json={"params": {
                    "model": "customer.complaint", "method": method, "args": [complaint.ids], "kwargs": {},
                }}).json()
                self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError", method)

    # ---- as customers go -----------------------------------------------------------------------

    def test_pages_of_customers(self):
        """Customers reach the pages of what they may read, and of nothing else; nobody does without signing in."""
        pages = {"customer.complaint": "/my/complaints/%s", "customer.suggestion": "/my/suggestions/%s"}
        for person in ("portal", "public"):
            user = self.people[person]
            self.authenticate(*((None, None) if person == "public" else (user.login, user.login)))
            for model, address in pages.items():
                for whose, line in RIGHTS[model].items():
                    record = self._record(model, whose, "portal")
                    answer = self.url_open(address % record.id, allow_redirects=False)
                    with self.subTest(person=person, model=model, whose=whose):
                        self.assertEqual(answer.status_code == 200, "r" in columns(line)[person])
