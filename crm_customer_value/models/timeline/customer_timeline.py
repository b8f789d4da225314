from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

PAGE = 30
LARGEST_PAGE = 100


class TimelineEntry(NamedTuple):
    """What the timeline tells of one record, in texts that are ready to be shown."""

    title: str
    text: str = ""
    state: str = ""  # a word or two, in a badge
    color: str = "secondary"  # of the badge: a theme color of Bootstrap
    amount: str = ""
    user: models.BaseModel | None = None  # who of us
    opens: models.BaseModel | None = None  # the record to open instead of the entry's own


class TimelineKind(NamedTuple):
    """A kind of entries in the timeline of a customer: records of one model."""

    label: str  # translated, in the plural
    icon: str  # of Font Awesome: "fa-phone"
    model: str
    moment: str  # the field, a date or a moment in UTC, that entries are sorted by
    domain: list  # beside the customer and the company: which records are entries
    tell: Callable  # method of customer.timeline: takes one record, returns its TimelineEntry
    customer: str = "commercial_partner_id"  # the path that leads to the customer
    company: str = "company_id"  # the path that leads to the company; "" where there is none
    new: str = ""  # what a button says that makes the first one, for a customer without entries
    new_action: str = ""  # the method of res.partner that this button calls


class Cursor(NamedTuple):
    """The last entry of a page. The next page begins after it, whatever came on top meanwhile."""

    moment: datetime
    kind: str
    id: int


class CustomerTimeline(models.AbstractModel):
    """Everything that happened with a customer, newest first, read with the rights of who asks.

    Each kind is a search of its own model with the rules of the user, so that nobody finds here, or counts, what they
    would not find there. A page takes as many queries as there are kinds, however many entries there are.
    """

    _name = "customer.timeline"
    _description = "Timeline of a Customer"

    @api.model
    def _kinds(self):
        """Return the kinds of entries, by name.

        Extension point: ``return super()._kinds() | {"contact": TimelineKind(...)}``.
        """
        return {}

    @api.model
    def _page(self, customer, kinds=None, after=None, limit=PAGE):
        """Return a page of the timeline of a customer, for the browser.

        :param customer: a commercial partner, which the caller has checked
        :param kinds: names of the kinds to show; by default, all that the user may read
        :param after: ``next`` of the page before
        :return: ``entries``; ``next``, which is False on the last page; and on the first page ``kinds`` with their
            counts, and ``new``, what could be added
        """
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees can read the timeline of a customer."))
        readable = self._readable_kinds()
        shown = {name: kind for name, kind in readable.items() if not kinds or name in kinds}
        cursor = self._read_cursor(after) if after else None
        limit = min(max(limit, 1), LARGEST_PAGE)
        rows = self._places(customer, shown, cursor, limit + 1)
        page = {
            "entries": self._entries(shown, rows[:limit]),
            "next": len(rows) > limit and [rows[limit - 1].moment.isoformat(), *rows[limit - 1][1:]],
        }
        if cursor:
            return page
        counts = self._counts(customer, readable)
        return page | {
            "kinds": [
                {"name": name, "label": kind.label, "icon": kind.icon, "count": counts[name]}
                for name, kind in readable.items()
            ],
            "new": [
                {"text": kind.new, "action": kind.new_action}
                for kind in readable.values()
                if kind.new and self.env[kind.model].has_access("create")
            ],
        }

    @api.model
    def _readable_kinds(self):
        """Return the kinds whose model the user may read."""
        return {name: kind for name, kind in self._kinds().items() if self.env[kind.model].has_access("read")}

    @api.model
    def _read_cursor(self, after):
        """Return the place in the timeline that a browser sent back."""
        try:
            moment, kind, identifier = after
            return Cursor(datetime.fromisoformat(moment).replace(tzinfo=None), str(kind), int(identifier))
        except (TypeError, ValueError):
            raise UserError(self.env._("The timeline cannot go on from here. Open the contact again.")) from None

    @api.model
    def _find(self, customer, kind):
        """Return the query of the entries of a kind that the user may read, and the SQL of their moment in UTC.

        What happened on a day sorts as if it had happened when this day began for the user.
        """
        model = self.env[kind.model]
        domain = Domain(kind.customer, "=", customer.id) & Domain(kind.domain) & Domain(kind.moment, "!=", False)
        if kind.company:
            domain &= Domain(kind.company, "in", [*self.env.companies.ids, False])
        query = model._search(domain)
        moment = model._field_to_sql(query.table, kind.moment, query)
        if model._fields[kind.moment].type == "date":
            moment = SQL("%s::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'", moment, self.env.tz.zone)
        return query, moment

    @api.model
    def _places(self, customer, kinds, cursor, limit):
        """Return the places of the newest entries before one, at most ``limit``, in one query.

        Entries of one moment follow by kind and number, so that each has exactly one place.
        """
        found = []
        for name, kind in kinds.items():
            query, moment = self._find(customer, kind)
            if query.is_empty():
                continue
            identifier = SQL.identifier(query.table, "id")
            if cursor and name == cursor.kind:
                query.add_where(SQL("(%s, %s) < (%s, %s)", moment, identifier, cursor.moment, cursor.id))
            elif cursor:
                also = SQL("<=") if name < cursor.kind else SQL("<")
                query.add_where(SQL("%s %s %s", moment, also, cursor.moment))
            query.order = SQL("%s DESC, %s DESC", moment, identifier)
            query.limit = limit
            found.append(SQL(
                "(%s)", query.select(SQL("%s AS moment", moment), SQL("%s::text AS kind", name), identifier)
            ))
        if not found:
            return []
        # Names are compared as Python does it.
        return [Cursor(*row) for row in self.env.execute_query(SQL(
            'SELECT moment, kind, id FROM (%s) entry ORDER BY moment DESC, kind COLLATE "C" DESC, id DESC LIMIT %s',
            SQL(" UNION ALL ").join(found), limit,
        ))]

    @api.model
    def _counts(self, customer, kinds):
        """Return {name of a kind: how many entries the user may read}, in one query."""
        counts = dict.fromkeys(kinds, 0)
        queries = {name: self._find(customer, kind)[0] for name, kind in kinds.items()}
        found = [
            query.select(SQL("%s::text", name), SQL("count(*)"))
            for name, query in queries.items() if not query.is_empty()
        ]
        if found:
            counts.update(self.env.execute_query(SQL(" UNION ALL ").join(found)))
        return counts

    @api.model
    def _entries(self, kinds, rows):
        """Return what the browser shows of some entries, in their order."""
        ids = defaultdict(list)
        for row in rows:
            ids[row.kind].append(row.id)
        # Those of one kind are read together.
        records = {
            (name, record.id): record
            for name, found in ids.items()
            for record in self.env[kinds[name].model].browse(found)
        }
        return [self._entry(kinds[row.kind], row, records[row.kind, row.id]) for row in rows]

    @api.model
    def _entry(self, kind, row, record):
        entry = kind.tell(self, record)
        opens = record if entry.opens is None else entry.opens
        by_day = record._fields[kind.moment].type == "date"
        return {
            "key": f"{row.kind}-{row.id}",
            "kind": row.kind,
            "icon": kind.icon,
            "label": kind.label,
            "date": by_day and fields.Date.to_string(record[kind.moment]),
            "moment": fields.Datetime.to_string(row.moment),
            "title": entry.title or kind.label,
            "text": entry.text or "",
            "state": entry.state or "",
            "color": entry.color,
            "amount": entry.amount,
            "person": self._person_of(kind, record),
            "user": self._name_of(entry.user) if entry.user else "",
            "res_model": opens._name,
            "res_id": opens.id,
        }

    @api.model
    def _person_of(self, kind, record):
        """Return the name of the contact with whom it happened, or nothing where that is the customer as a whole."""
        if kind.customer.split(".")[0] not in ("partner_id", "commercial_partner_id"):
            return ""
        # sudo: as in _name_of.
        person = record.sudo().partner_id
        return person.name or "" if person != person.commercial_partner_id else ""

    # What kinds need to tell of their records

    @api.model
    def _name_of(self, record, name="display_name"):
        """Return the name of a record that another one leads to, or nothing."""
        # sudo: whoever may read a record reads the names of those it leads to, as in its form.
        return record.sudo()[name] or ""

    @api.model
    def _label_of(self, record, name):
        """Return the word for the value of a selection, or nothing."""
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    @api.model
    def _amount_of(self, record, name):
        """Return an amount of a record as text, or nothing where it is not known or the user may not see it."""
        field = record._fields[name]
        if not record._has_field_access(field, "read") or record[name] is False:
            return ""
        return format_amount(self.env, record[name], record[field.get_currency_field(record)])
