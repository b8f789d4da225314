"""Nobody writes what a model does not name: every field of every model of ours is tried."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .rights_case import ADDONS, TEXT, RightsCase

GUARD = "customer.guarded.mixin"
QUIET = ("odoo.orm.models", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestWritableFields(RightsCase):
    def _models(self):
        """Return the models of ours that hold records, in the order of their names."""
        return [
            self.env[name]
            for name, model in sorted(self.registry.items())
            if model._original_module in ADDONS and not model._abstract and model._auto
        ]

    def _writers(self, model):
        """Return the groups that may write or create records of a model."""
        lines = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
        return lines.filtered(lambda line: line.perm_write or line.perm_create).group_id

    def _person(self, group):
        """Return the name of a user who is in this group and nothing else."""
        name = f"group {group.id}"
        if name not in self.people:
            xmlid = group.get_external_id()[group.id]
            self.people[name] = new_test_user(
                self.env, f"rights_group_{group.id}", groups=xmlid, company_id=self.here.id,
                company_ids=[Command.set(self.here.ids)],
            )
            self.team.member_ids |= self.people[name]
        return name

    def _forged(self, field, record):
        """Return a value for ``field`` that differs from what the record holds."""
        value = record[field.name]
        if field.type in ("integer", "float", "monetary"):
            return (value or 0) + 7
        if field.type == "boolean":
            return not value
        if field.type == "selection":
            keys = [key for key in field.get_values(self.env) if key != value]
            return keys[0] if keys else value
        if field.type == "date":
            return "2001-02-03"
        if field.type == "datetime":
            return "2001-02-03 04:05:06"
        if field.type == "many2one":
            others = self.env[field.comodel_name].with_context(active_test=False)
            return others.search([("id", "!=", value.id)], limit=1).id
        if field.type == "many2one_reference":
            return 7
        if field.type == "reference":
            return f"res.partner,{self.family.id}"
        if field.type in ("one2many", "many2many"):
            return [Command.clear()]
        if field.type == "json":
            return {"forged": True}
        if field.type == "binary":
            return "Zm9yZ2Vk"
        if field.type in ("properties", "properties_definition"):
            return []
        return "Forged"

    def _stored(self, record, names):
        """Return what the table holds, whatever the cache thinks."""
        self.env.flush_all()
        record.invalidate_recordset()
        return {name: record[name] for name in names}

    def test_every_model_that_people_write_is_guarded(self):
        bare = [
            model._name for model in self._models()
            if self._writers(model) and not isinstance(model, self.registry[GUARD])
        ]
        self.assertEqual(
            bare, [],
            f"People may write these models, so they inherit from {GUARD} and name their fields in _writable_fields().",
        )

    def test_lists_name_fields_only(self):
        for model in self._models():
            if isinstance(model, self.registry[GUARD]):
                unknown = model._writable_fields() - model._fields.keys()
                self.assertFalse(unknown, f"{model._name}._writable_fields() names what is no field: {unknown}")

    def test_every_field_for_every_group(self):
        """By hand, on a record of one's own: what is not named is refused, and stays as it was."""
        refused = 0
        with mute_logger(*QUIET):
            for model in self._models():
                for group in self._writers(model):
                    if model.with_user(self.people[self._person(group)]).has_access("write"):
                        refused += self._try_fields(model, self._person(group))
        self.assertGreater(refused, 500, "fields that people may not write")

    def _try_fields(self, model, person):
        record = self._record(model._name, "own", person)
        mine = self._as(person, record)
        names = [name for name, field in model._fields.items() if field.store and field.type != "one2many"]
        before = self._stored(record, names)
        refused = 0
        for name, field in model._fields.items():
            if name == "id" or name in model._writable_fields():
                continue
            refused += 1
            value = self._forged(field, record)
            with self.subTest(model=model._name, field=name, person=person), self.assertRaises(AccessError):
                mine.write({name: value})
        self.assertEqual(self._stored(record, names), before, model._name)
        return refused

    def test_every_field_of_a_new_record(self):
        """The same for what a new record is given, directly or as a default of the context."""
        with mute_logger(*QUIET):
            for model in self._models():
                for group in self._writers(model):
                    person = self._person(group)
                    mine = self._as(person, model)
                    if not mine.has_access("create"):
                        continue
                    record = self._record(model._name, "own", person)
                    whose = "own" if model._transient else "foreign"
                    values = self._values(model._name, whose, person)
                    for name, field in model._fields.items():
                        if name == "id" or name in model._writable_fields():
                            continue
                        value = self._forged(field, record)
                        with self.subTest(model=model._name, field=name, person=person):
                            with self.assertRaises(AccessError):
                                mine.create({**values, name: value})
                            with self.assertRaises(AccessError):
                                mine.with_context(**{f"default_{name}": value}).create(values)

    def test_what_is_named_can_be_written(self):
        """Nobody is refused what is on the list, as it stands in the record now."""
        for model in self._models():
            for group in self._writers(model):
                person = self._person(group)
                mine = self._as(person, self._record(model._name, "own", person))
                if not mine.has_access("write"):
                    continue
                for name in sorted(model._writable_fields()):
                    field = model._fields[name]
                    if field.type == "one2many" or (field.groups and not mine._has_field_access(field, "read")):
                        continue
                    with self.subTest(model=model._name, field=name, person=person), self._undone():
                        mine.write({name: field.convert_to_write(mine.sudo()[name], mine)})

    def test_what_is_copied_can_be_written(self):
        """Duplicating gives no more than people may write, so that it works for them."""
        for model in self._models():
            if isinstance(model, self.registry[GUARD]) and self._writers(model):
                copied = {
                    name for name, field in model._fields.items()
                    if field.copy and not field.inherited
                }
                # What comes with every record is left out by the ORM, and a team gets an address of its own.
                left_out = {*MAGIC_COLUMNS, "parent_path", "alias_id"}
                with self.subTest(model=model._name):
                    self.assertFalse(copied - model._writable_fields() - left_out)

    def test_attacks_on_complaints(self):
        """A critical complaint is not closed without a cause, nor does another customer's index fall."""
        complaint = self._record("customer.complaint", "own", "service own")
        complaint.severity = "critical"
        mine = self._as("service own", complaint)
        victim = self._partner("Victim")
        before = self._stored(complaint, ["state", "stage_id", "commercial_partner_id", "rating_ids"])
        with mute_logger(*QUIET):
            for values in (
                {"state": "closed"},
                {"commercial_partner_id": victim.id},
                {"reject_reason": "forged", "stage_id": self.env.ref("crm_customer_value.complaint_stage_closed").id},
                {"amount_at_stake": 1e9},
                {"rating_last_value": 1.0},
                {"rating_ids": [Command.create({"rating": 1.0})]},
                {"message_ids": [Command.clear()]},
                {"website_message_ids": [Command.create({"body": "forged"})]},
                {"activity_ids": [Command.clear()]},
                {"access_token": "known"},
                {"create_uid": self.stranger.id},
                {"company_id": self.there.id},
            ):
                with self.subTest(values=values), self.assertRaises(AccessError):
                    mine.write(values)
                with self.subTest(saved=values), self.assertRaises(AccessError):
                    mine.web_save(values, {"name": {}})
            result = self._as("service own", self.env["customer.complaint"]).load(
                ["name", "description", "state"], [["Loaded", TEXT, "Closed"]]
            )
        self.assertFalse(result["ids"])
        self.assertIn("state", result["messages"][0]["message"])
        self.assertEqual(self._stored(complaint, list(before)), before)

    def test_own_defaults_write_nothing(self):
        """Every employee may set defaults for themself; they count for what people write."""
        complaints = self._as("service own", self.env["customer.complaint"])
        defaults = self._as("service own", self.env["ir.default"])
        plain = complaints.create({"name": "Plain", "description": TEXT})
        kept = {
            "number": "X1", "access_token": "known", "portal_key": "known", "amount_at_stake": 7.0,
            "date_acknowledged": "2001-02-03 04:05:06", "email_cc": "spy@example.com",
        }
        for name, value in {**kept, "root_cause": "Mine"}.items():
            defaults.set("customer.complaint", name, value, user_id=True)
        for maker in (complaints, complaints.sudo()):
            made = maker.create({"name": "Made", "description": TEXT}).sudo()
            self.assertEqual(made.root_cause, "Mine")
            self.assertNotEqual(made.number, "X1")
            names = list(kept.keys() - {"number"})
            self.assertEqual(self._stored(made, names), self._stored(plain.sudo(), names))
        context = {f"default_{name}": value for name, value in kept.items()}
        made = complaints.sudo().with_context(**context).create({"name": "Made", "description": TEXT})
        self.assertNotEqual(made.number, "X1")
        self.assertFalse(made.access_token or made.portal_key or made.email_cc)

    def test_forms_show_what_nobody_writes_as_readonly(self):
        described = self._as("service own", self.env["customer.complaint"]).fields_get(["state", "email_cc", "name"])
        self.assertEqual(
            {name: values["readonly"] for name, values in described.items()},
            {"state": True, "email_cc": True, "name": False},
        )

    def test_fields_that_administrators_add(self):
        """A field made on the screen is for people, unless it is made readonly; a related one opens no back door."""
        model = self.env["ir.model"]._get("customer.complaint")
        added = self.env["ir.model.fields"].create([
            {"name": "x_note", "model_id": model.id, "ttype": "char", "field_description": "Note"},
            {"name": "x_fixed", "model_id": model.id, "ttype": "char", "field_description": "Fixed", "readonly": True},
            {
                "name": "x_way", "model_id": model.id, "ttype": "char", "field_description": "Way",
                "related": "email_cc", "readonly": False, "store": False,
            },
        ])
        # Before the transaction ends: the models have to forget them too.
        self.addCleanup(added.unlink)
        mine = self._as("service own", self._record("customer.complaint", "own", "service own"))
        mine.x_note = "ours"
        self.assertEqual(mine.x_note, "ours")
        with mute_logger(*QUIET):
            for name in ("x_fixed", "x_way"):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    mine.write({name: "forged"})
        mine.invalidate_recordset()
        self.assertFalse(mine.x_fixed or mine.email_cc)

    def test_company_of_others(self):
        """What one has set up stays in a company one works for; what is shared by all may be given to it."""
        person = "service admin"
        for model in ("customer.complaint.team", "customer.complaint.category", "customer.complaint.sla"):
            record = self._as(person, self._record(model, "foreign", person))
            with self.subTest(model=model), mute_logger(*QUIET), self.assertRaises(AccessError):
                record.write({"company_id": self.there.id})

    def test_address_of_a_team(self):
        """Managers name the address of a team, and do not aim it elsewhere."""
        person = "service admin"
        teams = self._as(person, self.env["customer.complaint.team"])
        team = teams.create({"name": "Addressed", "company_id": self.here.id, "alias_name": "rights-addressed"})
        alias = team.alias_id
        self.assertEqual(alias.sudo().alias_model_id.model, "customer.complaint")
        foreign = self.strange_team.alias_id
        with mute_logger(*QUIET):
            for values in (
                {"alias_id": foreign.id},
                {"alias_defaults": "{'user_id': 1}"},
                {"alias_model_id": self.env["ir.model"]._get("res.partner").id},
                {"alias_force_thread_id": 1},
            ):
                with self.subTest(values=values):
                    with self.assertRaises(AccessError):
                        team.write(values)
                    with self.assertRaises(AccessError):
                        teams.create({"name": "Aimed", "company_id": self.here.id, **values})
        team.invalidate_recordset()
        self.assertEqual((team.alias_id, team.alias_name), (alias, "rights-addressed"))

    def test_forms_still_work(self):
        """What people do on the screens all day: note, hand over, reject, propose, support, set up."""
        complaints = self._as("service own", self.env["customer.complaint"])
        with Form(complaints) as form:
            form.name = "Noted"
            form.description = TEXT
            form.partner_id = self._partner("Form Customer")
        complaint = form.record
        self.assertTrue(complaint.number.strip("/"))
        copied = complaint.copy()
        self.assertNotEqual(copied.number, complaint.number)
        complaint._reject("It was not ours.")
        self.assertEqual((complaint.state, complaint.reject_reason), ("rejected", "It was not ours."))
        suggestions = self._as("service own", self.env["customer.suggestion"])
        suggestion = suggestions.create({
            "name": "Brighter", "company_id": self.here.id,
            "support_ids": [Command.create({"partner_id": self.family.id})],
        })
        self.assertEqual(suggestion.support_count, 1)
        suggestion.write({"support_ids": [Command.delete(suggestion.support_ids.id)]})
        self.assertEqual(suggestion.support_count, 0)
        policy = self._as("sales admin", self.env["customer.value.policy"]).create({"company_id": self.here.id})
        self.assertGreater(policy.version, 0)
        self.assertEqual(policy.copy().version, policy.version + 1)
