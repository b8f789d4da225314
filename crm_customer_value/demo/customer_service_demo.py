import logging
import time
from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

from .complaints import COMPLAINTS, PORTAL, SUGGESTIONS
from .customer_value_demo import MODULE, NAMESPACE, load_named, quiet

_logger = logging.getLogger(__name__)

# key: (name, parent, severity of new complaints)
CATEGORIES = {
    "goods": ("Product", None, "medium"),
    "defect": ("Defect", "goods", "high"),
    "quality": ("Quality", "goods", "medium"),
    "delivery": ("Delivery", None, "medium"),
    "late": ("Late or at the Wrong Place", "delivery", "medium"),
    "damaged": ("Damaged", "delivery", "high"),
    "incomplete": ("Incomplete or Wrong", "delivery", "low"),
    "service": ("Service", None, "medium"),
    "unreachable": ("Nobody Reached", "service", "medium"),
    "invoice": ("Invoice", None, "low"),
    "amount": ("Wrong Amount", "invoice", "low"),
}
CAUSES = {
    "packing": "Packing",
    "component": "Faulty component",
    "planning": "Planning of visits and orders",
    "address": "Old customer data",
}
# Stages on the way to a stage.
WAY = {
    "received": (),
    "acknowledged": ("acknowledged",),
    "investigating": ("acknowledged", "investigating"),
    "waiting": ("acknowledged", "waiting"),
    "answered": ("acknowledged", "answered"),
    "closed": ("acknowledged", "answered", "closed"),
    "rejected": ("acknowledged", "rejected"),
}
# Parts of the promised time that things took, and working hours where nothing was promised.
IN_TIME, LATE = 0.6, 1.4
DAY, WEEK = 8, 40
# Days until what is planned.
PLANNED_IN = 120


def load(env):
    """Load what the demo customers complain about and suggest, unless it is there."""
    if not env.ref(f"{NAMESPACE}.complaint_category_goods", raise_if_not_found=False):
        ServiceDemo(quiet(env, mail_notify_force_send=False)).create_all()


def shift(record, delta):
    """Move everything that has happened to a record into the past: its dates and its messages'."""
    names = [
        name for name, field in record._fields.items()
        if field.store and field.type == "datetime" and name != "write_date"
    ]
    cr = record.env.cr
    _move_back(cr, record._table, names, SQL("id = %s", record.id), delta)
    about = {"name": record._name, "id": record.id}
    _move_back(cr, "mail_message", ["date"], SQL("model = %(name)s AND res_id = %(id)s", **about), delta)
    _move_back(
        cr,
        "rating_rating",
        ["create_date", "write_date", "rated_on"],
        SQL("res_model = %(name)s AND res_id = %(id)s", **about),
        delta,
    )


def _move_back(cr, table, columns, condition, delta):
    """Set moments of the rows that match a condition back; the ORM would write some of them anew."""
    assignments = SQL(", ").join(
        SQL("%(column)s = %(column)s - %(delta)s", column=SQL.identifier(column), delta=delta)
        for column in columns
    )
    cr.execute(SQL("UPDATE %s SET %s WHERE %s", SQL.identifier(table), assignments, condition))


class ServiceDemo:
    """Complaints and suggestions of the demo customers, up to the day they are loaded."""

    def __init__(self, env):
        self.env = env

    def create_all(self):
        """Create complaints and suggestions, move them to their stages and days, recompute their customers."""
        begun = time.monotonic()
        customers = self._customers()
        self._staff_team()
        categories, causes = self._create_categories(), self._create_causes()
        complaints = self.env["customer.complaint"]
        for row in COMPLAINTS:
            complaint = complaints.create(self._complaint_values(row, customers, categories))
            self._move(complaint, row, causes)
            complaints |= complaint
        self.env.flush_all()
        for complaint, row in zip(complaints, COMPLAINTS, strict=True):
            shift(complaint, timedelta(days=row.days_ago))
            self._date_stages(complaint, row)
        for row in SUGGESTIONS:
            self._create_suggestion(row, customers)
        self.env.invalidate_all()
        complaints._process_due_clocks()
        # Nobody is to get mail about complaints that nobody made.
        self.env["mail.mail"].search([("model", "in", ("customer.complaint", "customer.suggestion"))]).unlink()
        self.env["customer.value.run"]._recompute(
            self.env.company, partners=complaints.commercial_partner_id
        )
        _logger.info(
            "Customer service demo data: %s complaints, %s suggestions in %.1f s",
            len(COMPLAINTS), len(SUGGESTIONS), time.monotonic() - begun,
        )

    def _staff_team(self):
        """Give the first team its people, whom customers may choose among."""
        team = self.env.ref(f"{MODULE}.complaint_team_after_sales", raise_if_not_found=False)
        if team:
            people = self.env.ref("base.user_admin") | self.env.ref("base.user_demo")
            team.write({"member_ids": [Command.set(people.ids)], "members_offered": True})

    def _customers(self):
        """Return the contacts by key."""
        portal = self.env["res.users"].search([("login", "=", "portal")], limit=1).partner_id
        customers = {PORTAL: portal or self.env.ref(f"{NAMESPACE}.customer_copper_kettle")}
        for row in (*COMPLAINTS, *SUGGESTIONS):
            for key in (row.customer, *getattr(row, "supporters", ())):
                if key not in customers:
                    customers[key] = self.env.ref(
                        f"{NAMESPACE}.contact_{key}", raise_if_not_found=False
                    ) or self.env.ref(f"{NAMESPACE}.customer_{key}")
        return customers

    def _create_categories(self):
        """Return the categories of complaints by key; parents come before their children."""
        categories = {}
        for key, (name, parent, severity) in CATEGORIES.items():
            values = {"name": name, "parent_id": parent and categories[parent].id, "severity": severity}
            categories |= load_named(
                self.env, "customer.complaint.category", "complaint_category", {key: values}
            )
        return categories

    def _create_causes(self):
        return load_named(self.env, "customer.complaint.cause", "complaint_cause", {
            key: {"name": name} for key, name in CAUSES.items()
        })

    def _complaint_values(self, row, customers, categories):
        """Return the values of one complaint, with the latest order of its product if there is one."""
        partner = customers[row.customer]
        product = row.product and self.env.ref(f"{NAMESPACE}.product_{row.product}")
        line = self.env["sale.order.line"]
        if product:
            line = line.search([
                ("product_id", "=", product.id),
                ("order_id.partner_id", "child_of", partner.commercial_partner_id.id),
                ("order_id.state", "=", "sale"),
                ("order_id.company_id", "=", self.env.company.id),
                ("order_id.date_order", "<", fields.Datetime.now() - timedelta(days=row.days_ago)),
            ], order="id desc", limit=1)
        return {
            "name": row.subject,
            "description": f"<p>{row.text}</p>",
            "partner_id": partner.id,
            "company_id": self.env.company.id,
            "channel_id": self.env["customer.contact.channel"]._of(row.channel).id,
            "category_id": categories[row.category].id,
            "severity": row.severity,
            "wanted_remedy": row.wanted or False,
            "product_id": product and product.id,
            "order_line_id": line.id,
            "order_id": line.order_id.id,
        }

    def _move(self, complaint, row, causes):
        """Bring a complaint to its stage, with what came of it and what the customer said."""
        complaint.write({
            "cause_id": row.cause and causes[row.cause].id,
            "corrective_action": row.action or False,
            "remedy": row.remedy or False,
            "compensation": row.compensation,
            "handling_hours": row.hours,
            "user_id": row.stage != "received"
            and (complaint.commercial_partner_id.user_id or self.env.ref("base.user_admin")).id,
        })
        for stage in WAY[row.stage]:
            reason = {"reject_reason": "Our price includes two years of service."} if stage == "rejected" else {}
            complaint.write({"stage_id": self.env.ref(f"{MODULE}.complaint_stage_{stage}").id, **reason})
        if row.answer:
            complaint.message_post(
                body=row.answer,
                author_id=complaint.user_id.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        if row.rating:
            complaint._rate(row.rating, row.effort, row.feedback)

    def _date_stages(self, complaint, row):
        """Have deadlines, acknowledgement, answer and end come after so many working hours, in time or not."""
        complaint.invalidate_recordset()
        calendar, received = complaint.clock_calendar_id, complaint.date_received
        pace = LATE if row.missed else IN_TIME
        promised = {
            "acknowledge": complaint.promised_acknowledge_hours or DAY,
            "resolve": complaint.promised_resolve_hours or WEEK,
        }
        answered = calendar._customer_deadline(received, pace * promised["resolve"])
        values = {
            "acknowledge_deadline": calendar._customer_deadline(received, promised["acknowledge"]),
            "resolve_deadline": calendar._customer_deadline(received, promised["resolve"]),
            "date_acknowledged": calendar._customer_deadline(received, pace * promised["acknowledge"]),
            "date_answered": answered,
            "date_closed": calendar._customer_deadline(answered, DAY),
        }
        now = fields.Datetime.now()
        values = {
            # What was received at the weekend was seen to out of hours: nothing has happened tomorrow.
            name: min(moment, now) if name.startswith("date_") else moment
            for name, moment in values.items() if complaint[name]
        }
        if row.missed:
            values |= {"acknowledge_missed": True, "is_missed": True, "resolve_missed": "date_answered" in values}
        hours = {
            name: calendar._customer_hours(received, values[date])
            for name, date in complaint._response_ends.items() if date in values
        }
        complaint.write({**values, **hours})

    def _create_suggestion(self, row, customers):
        """Create one suggestion with its supporters."""
        partner = customers[row.customer]
        suggestion = self.env["customer.suggestion"].create({
            "name": row.subject,
            "description": f"<p>{row.text}</p>",
            "partner_id": partner.id,
            "company_id": self.env.company.id,
            "product_id": row.product and self.env.ref(f"{NAMESPACE}.product_{row.product}").id,
            "is_public": row.public,
            "support_ids": [
                Command.create({"partner_id": customers[key].id})
                for key in row.supporters if customers[key] != partner
            ],
        })
        values = {"stage_id": self.env.ref(f"{MODULE}.suggestion_stage_{row.stage}").id}
        if row.declined:
            values["decline_reason"] = row.declined
        if row.stage == "planned":
            values["date_planned"] = fields.Date.context_today(self.env.user) + timedelta(days=PLANNED_IN)
        suggestion.write(values)
        self.env.flush_all()
        shift(suggestion, timedelta(days=row.days_ago))
