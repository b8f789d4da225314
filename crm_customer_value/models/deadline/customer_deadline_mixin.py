"""Until when a record must be acknowledged and resolved, counted in working hours.

What a clock does is in engine/deadline/clock.py: here are its fields, and when it is looked at.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.deadline import clock as clocks
from ...engine.deadline.working_time import HOUR, to_seconds
from ..base.number_fields import Float, Integer

# So many records are renewed at once when a rule or a calendar changes, the others by the scheduled action.
AT_ONCE = 200


class WorkingTimes(dict):
    """The working time of each calendar, asked for once: {(calendar, company): WorkingTime}.

    Holidays without a calendar are those of a company, which may share the calendar with others.
    """

    def __missing__(self, key):
        calendar, company = key
        self[key] = calendar.with_company(company)._customer_working_time()
        return self[key]


class CustomerDeadlineMixin(models.AbstractModel):
    """A record to which rules promise that it is acknowledged and resolved in time.

    The model has the fields ``company_id``, ``active`` and ``user_id``, and two of its own making:

    - ``sla_id`` leads to its rules, which have ``acknowledge_hours``, ``resolve_hours`` (0: not promised),
      ``soon_share``, ``calendar_id`` and ``level_ids``. A level of a rule has ``level``, ``deadline``, ``hours``, and
      says with ``_get_told_users`` and ``_get_taker`` whom it tells, and who takes over;
    - ``escalation_ids`` leads to the levels that were reached, with ``round``, ``level``, ``level_id``,
      ``deadline_kind``, ``due``, ``user_ids`` and ``user_id``, each only once for a round, a kind and a level.

    It has an index on ``clock_check_at`` and one on ``clock_calendar_id``, and tells in the methods called extension
    points where a record stands. Texts that name what it is are its own: see ``_get_deadline_note`` and the help of
    fields that have none here.
    """

    _name = "customer.deadline.mixin"
    _description = "Record with Deadlines"
    _inherit = ["customer.staged.mixin", "mail.thread"]

    # From when on time counts; until when it counts for each response time.
    _clock_begins = "date_received"
    _response_ends = {
        "acknowledge_hours": "date_acknowledged",
        "answer_hours": "date_answered",
        "close_hours": "date_closed",
    }
    # What a rule is chosen by.
    _clock_chosen_by = frozenset()
    # The XML id of the action that calls _cron_escalate.
    _clock_cron = None

    promised_acknowledge_hours = Float("Hours to Acknowledge", readonly=True, copy=False, aggregator=None)
    promised_resolve_hours = Float("Hours to Resolve", readonly=True, copy=False, aggregator=None)
    acknowledge_deadline = fields.Datetime("Acknowledge Until", readonly=True, copy=False)
    resolve_deadline = fields.Datetime("Resolve Until", readonly=True, copy=False)
    acknowledge_missed = fields.Boolean("Acknowledged Too Late", readonly=True, copy=False)
    resolve_missed = fields.Boolean("Resolved Too Late", readonly=True, copy=False)
    is_missed = fields.Boolean(
        "Deadline Missed", readonly=True, copy=False, help="Stays set once a deadline was missed."
    )
    deadline = fields.Datetime("Next Deadline", readonly=True, copy=False)
    soon_at = fields.Datetime("Deadline Comes Soon From", readonly=True, copy=False)
    deadline_state = fields.Selection(
        [
            ("none", "No Rule"),
            ("in_time", "In Time"),
            ("soon", "Soon"),
            ("missed", "Missed"),
            ("stopped", "On Hold"),
            ("done", "Done"),
        ],
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    clock_state = fields.Selection(
        [("new", "Not Started"), ("running", "Running"), ("stopped", "On Hold"), ("done", "Done")],
        string="Deadline Time",
        default="new",
        required=True,
        readonly=True,
        copy=False,
        exportable=False,
    )
    clock_started = fields.Datetime("Deadline Time Running Since", readonly=True, copy=False, exportable=False)
    clock_used = Integer("Seconds Used Before", default=0, readonly=True, copy=False, aggregator=None, exportable=False)
    clock_rest = Float(
        "Hours Left on Hold", readonly=True, copy=False, aggregator=None, exportable=False
    )
    clock_round = Integer(default=0, readonly=True, copy=False, aggregator=None, exportable=False)
    clock_calendar_id = fields.Many2one(
        "resource.calendar", string="Working Hours Used", readonly=True, copy=False, index="btree_not_null"
    )
    clock_check_at = fields.Datetime("Next Check", readonly=True, copy=False, exportable=False)
    clock_rechoose = fields.Boolean("Choose Deadline Rule Again", readonly=True, copy=False, exportable=False)

    @api.model
    def _clock_models(self):
        """Return each model whose records have clocks: empty recordsets, that find archived records too."""
        names = self.pool.descendants(["customer.deadline.mixin"], "_inherit")
        # sudo: deadlines follow hours and rules, whatever the rights of whoever changes these.
        return [
            self.env[name].sudo().with_context(active_test=False) for name in names if not self.env[name]._abstract
        ]

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sync_clocks()
        return records

    def write(self, vals):
        """Choose the rule again when what it depends on changes; the time already used counts."""
        choosing = [name for name in self._clock_chosen_by if name in vals]
        begins = self._clock_begins
        if not choosing and begins not in vals and "active" not in vals:
            return super().write(vals)
        before = {record: ([record[name] for name in choosing], record[begins]) for record in self}
        result = super().write(vals)
        # New ones are still being created: their clock starts afterwards.
        records = self.filtered(lambda record: record.clock_state != "new")
        changed = records.filtered(lambda record: before[record][0] != [record[name] for name in choosing])
        if begins in vals:
            records._move_clock_starts({record: before[record][1] for record in records})
        # What was answered or has ended follows another rule when it is opened again.
        over = changed.filtered(lambda record: record.clock_state == "done")
        # sudo: deadlines follow the rules, whatever the rights of whoever changes a record.
        over.sudo().clock_rechoose = True
        (changed - over)._sync_clocks(rechoose=True)
        (records - changed + over)._sync_clocks()
        return result

    def _on_stage_changed(self, previous):
        """Stop the clock and let it run on."""
        result = super()._on_stage_changed(previous)
        self.filtered(lambda record: record.clock_state != "new")._sync_clocks()
        return result

    @api.model
    def _on_stages_redefined(self, stages, changed):
        """Stop the clocks in these stages, or let them run on."""
        result = super()._on_stages_redefined(stages, changed)
        self._renew_clocks(Domain("stage_id", "in", stages.ids))
        return result

    # Where a record stands

    @api.model
    def _clock_open_domain(self):
        """Return which records may still have a deadline. Extension point."""
        return self._open_domain()

    def _clock_target(self):
        """Return how the clock has to stand: running, stopped or done (one record). Extension point."""
        if not self._is_open():
            return "done"
        return "stopped" if self._stands_still() else "running"

    def _clock_awaited(self):
        """Return which of acknowledge and resolve can still be met (one record). Extension point."""
        if self._clock_target() == "done":
            return set()
        return {"resolve"} if self[self._response_ends["acknowledge_hours"]] else {"acknowledge", "resolve"}

    def _clock_calendar(self, rule):
        """Return the calendar this record's deadlines are counted in, maybe none (one record). Extension point."""
        return rule.calendar_id or self.company_id.resource_calendar_id

    def _match_deadline_rules(self):
        """Return {record: the rule that promises something to it, maybe none}. Extension point."""
        return {record: record.sla_id for record in self}

    # The clock

    def _clock(self):
        """Return the clock as it was kept (one record)."""
        deadlines = {kind: self[f"{kind}_deadline"] for kind in clocks.KINDS}
        return clocks.Clock(
            state=self.clock_state,
            started=self.clock_started or None,
            used=self.clock_used,
            round=self.clock_round,
            deadlines={kind: moment for kind, moment in deadlines.items() if moment},
            missed=frozenset(kind for kind in clocks.KINDS if self[f"{kind}_missed"]),
        )

    def _clock_course(self):
        """Return where this record stands, for its clock (one record)."""
        return clocks.Course(
            begun=self[self._clock_begins],
            target=self._clock_target(),
            acknowledged=self[self._response_ends["acknowledge_hours"]] or None,
            awaited=frozenset(self._clock_awaited()),
        )

    def _clock_time(self, times):
        """Return the working time that the clock was counted in until now (one record)."""
        return times[self.clock_calendar_id, self.company_id]

    @api.model
    def _promise(self, rule, hours):
        """Return what a rule promises with {kind: hours}, or None without a rule."""
        seconds = {kind: to_seconds(promised) for kind, promised in hours.items()}
        return clocks.Promise(seconds, rule.soon_share) if rule else None

    def _promised_hours(self):
        """Return {kind: hours} of the rule when it was chosen for this record (one)."""
        return {kind: self[f"promised_{kind}_hours"] for kind in clocks.KINDS}

    def _sync_clocks(self, rechoose=False, force=False):
        """Bring clocks, deadlines and their state in line with the records.

        May be called at any time and as often as one likes.

        :param bool rechoose: look for the rule that matches now
        :param bool force: with ``rechoose``, take the rule's hours even if it is the same rule
        """
        # sudo: deadlines are set by the rules, whatever the rights of whoever changes a record.
        records = self.sudo()
        choosing = records.filtered(
            lambda record: rechoose
            or record.clock_state == "new"
            or (record.clock_rechoose and record._clock_target() != "done")
        )
        chosen = choosing._match_deadline_rules() if choosing else {}
        now, times = fields.Datetime.now(), WorkingTimes()
        for record in records:
            anew = force or (record.clock_rechoose and record.clock_state != "done")
            record._write_clock(record._prepare_clock(now, times, chosen.get(record), anew))
        records._trigger_clock()

    def _write_clock(self, values):
        """Write those values that differ from what is stored (one record)."""
        changed = {
            name: value
            for name, value in values.items()
            if (self[name].id if self._fields[name].type == "many2one" else self[name]) != value
        }
        if changed:
            self.write(changed)

    def _prepare_clock(self, now, times, chosen=None, force=False):
        """Return the values of the clock as they have to be (one record).

        :param times: :class:`WorkingTimes`
        :param chosen: the rule chosen just now, maybe none; None keeps the rule there is
        :param force: take the hours of a rule even if it is the one there is
        """
        rule = self.sla_id if chosen is None else chosen
        renewed = force or rule != self.sla_id
        hours = {kind: rule[f"{kind}_hours"] for kind in clocks.KINDS} if renewed else self._promised_hours()
        promise, course = self._promise(rule, hours), self._clock_course()
        calendar = self._clock_calendar(rule)
        time = times[calendar, self.company_id]
        clock = clocks.advance(self._clock(), promise, course, now, time, self._clock_time(times), renewed)
        levels = self._levels_ahead(rule, clock.round, clocks.running_deadlines(clock, promise, course))
        reading = clocks.read(clock, promise, course, now, time, [self._clock_level(level) for level in levels])
        values = {
            "sla_id": rule.id,
            "clock_state": clock.state,
            "clock_started": clock.started or False,
            "clock_used": clock.used,
            "clock_round": clock.round,
            "clock_calendar_id": calendar.id,
            "clock_rechoose": self.clock_rechoose and clock.state == "done",
            "is_missed": self.is_missed or bool(clock.missed),
            "deadline": reading.deadline or False,
            "soon_at": reading.soon_at or False,
            "clock_rest": reading.rest / HOUR,
            "clock_check_at": reading.check_at or False,
            "deadline_state": reading.state,
        }
        for kind in clocks.KINDS:
            values[f"promised_{kind}_hours"] = hours[kind]
            values[f"{kind}_deadline"] = clock.deadlines.get(kind, False)
            values[f"{kind}_missed"] = kind in clock.missed
        return values

    def _move_clock_starts(self, before):
        """Count from another beginning. ``before``: {record: the moment it had}."""
        times = WorkingTimes()
        # sudo: as in _sync_clocks.
        for record in self.sudo():
            clock = clocks.begin_at(
                record._clock(), record[record._clock_begins], before[record], record._clock_time(times)
            )
            record._write_clock({"clock_started": clock.started or False, "clock_used": clock.used})

    @api.model
    def _renew_clocks(self, domain, rechoose=False):
        """Have the clocks of many records looked at: the first at once, the others by the scheduled action.

        :return: how many there are
        """
        now = fields.Datetime.now()
        query = self.with_context(active_test=False)._search(domain)
        self.env.flush_all()
        renewed = self.env.execute_query(SQL(
            "UPDATE %s SET clock_check_at = %s, clock_rechoose = clock_rechoose OR %s WHERE id IN %s RETURNING id",
            SQL.identifier(self._table), now, rechoose, query.subselect(),
        ))
        self.invalidate_model(["clock_check_at", "clock_rechoose"], flush=False)
        records = self.browse(sorted(row[0] for row in renewed)[:AT_ONCE])
        for again, some in records.grouped("clock_rechoose").items():
            some._sync_clocks(rechoose=again, force=again)
        if len(renewed) > AT_ONCE:
            self._wake_clock(now)
        return len(renewed)
