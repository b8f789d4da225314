"""When a complaint must be acknowledged and resolved, counted in working hours.

One clock a complaint: ``clock_used`` seconds had been worked when it was started for the last time, at
``clock_started``. Deadlines are counted from there, so that stopping and resuming is exact to the second.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.deadline.working_time import HOUR, to_seconds
from ..base.number_fields import Float, Integer

# What a rule is chosen by.
CHOOSING_FIELDS = ("severity", "category_id", "partner_id", "team_id", "company_id")
RUNNING_STATES = ("received", "handling")
SECOND = timedelta(seconds=1)
# So many complaints are renewed at once when a rule or a calendar changes, the others by the scheduled action.
AT_ONCE = 200


class WorkingTimes(dict):
    """The working time of each calendar, asked for once: {calendar: WorkingTime}."""

    def __missing__(self, calendar):
        self[calendar] = calendar._customer_working_time()
        return self[calendar]


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    sla_id = fields.Many2one(
        "customer.complaint.sla",
        string="Deadline Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    promised_acknowledge_hours = Float(
        "Hours to Acknowledge", readonly=True, copy=False, aggregator=None,
        help="Hours of the deadline rule when it was chosen for this complaint.",
    )
    promised_resolve_hours = Float(
        "Hours to Resolve", readonly=True, copy=False, aggregator=None,
        help="Hours of the deadline rule when it was chosen for this complaint.",
    )
    acknowledge_deadline = fields.Datetime("Acknowledge Until", readonly=True, copy=False)
    resolve_deadline = fields.Datetime("Resolve Until", readonly=True, copy=False)
    acknowledge_missed = fields.Boolean("Acknowledged Too Late", readonly=True, copy=False)
    resolve_missed = fields.Boolean("Resolved Too Late", readonly=True, copy=False)
    is_missed = fields.Boolean(
        "Deadline Missed", readonly=True, copy=False, help="Stays set once a deadline was missed."
    )
    deadline = fields.Datetime(
        "Next Deadline", readonly=True, copy=False, help="Empty while the complaint is on hold."
    )
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
    clock_used = Integer(
        "Seconds Used Before", default=0, readonly=True, copy=False, aggregator=None, exportable=False,
        help="Working time used before the complaint was last on hold or reopened.",
    )
    clock_rest = Float(
        "Hours Left on Hold", readonly=True, copy=False, aggregator=None, exportable=False
    )
    clock_round = Integer(
        default=0, readonly=True, copy=False, aggregator=None, exportable=False,
        help="Increases each time the complaint is reopened.",
    )
    clock_calendar_id = fields.Many2one(
        "resource.calendar", string="Working Hours Used", readonly=True, copy=False, index="btree_not_null"
    )
    clock_check_at = fields.Datetime(
        "Next Check", readonly=True, copy=False, exportable=False,
        help="When the deadlines of this complaint are checked next.",
    )
    clock_rechoose = fields.Boolean("Choose Deadline Rule Again", readonly=True, copy=False, exportable=False)

    # The scheduled action reads what is due, however many complaints there are.
    _clock_check_index = models.Index("(clock_check_at) WHERE clock_check_at IS NOT NULL")
    _clock_calendar_index = models.Index("(clock_calendar_id) WHERE clock_started IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._sync_clocks()
        return complaints

    def write(self, vals):
        """Choose the rule again when what it depends on changes; the time already used counts."""
        choosing = [name for name in CHOOSING_FIELDS if name in vals]
        if not choosing and "date_received" not in vals and "active" not in vals:
            return super().write(vals)
        before = {complaint: ([complaint[name] for name in choosing], complaint.date_received) for complaint in self}
        result = super().write(vals)
        # New ones are still being created: their clock starts afterwards.
        complaints = self.filtered(lambda complaint: complaint.clock_state != "new")
        changed = complaints.filtered(
            lambda complaint: before[complaint][0] != [complaint[name] for name in choosing]
        )
        if "date_received" in vals:
            complaints._move_clock_starts({complaint: before[complaint][1] for complaint in complaints})
        # What was answered or has ended follows another rule when it is opened again.
        over = changed.filtered(lambda complaint: complaint.clock_state == "done")
        # sudo: deadlines follow the rules, whatever the rights of whoever changes a complaint.
        over.sudo().clock_rechoose = True
        (changed - over)._sync_clocks(rechoose=True)
        (complaints - changed + over)._sync_clocks()
        return result

    def _on_stage_changed(self, previous):
        """Stop the clock and let it run on."""
        result = super()._on_stage_changed(previous)
        self.filtered(lambda complaint: complaint.clock_state != "new")._sync_clocks()
        return result

    @api.model
    def _on_stages_redefined(self, stages, changed):
        """Stop the clocks in these stages, or let them run on."""
        result = super()._on_stages_redefined(stages, changed)
        self._renew_clocks(Domain("stage_id", "in", stages.ids))
        return result

    @api.model
    def _clock_open_domain(self):
        """Return which complaints may still have a deadline."""
        return Domain("state", "in", RUNNING_STATES)

    def _sync_clocks(self, rechoose=False, force=False):
        """Bring clocks, deadlines and their state in line with the complaints.

        May be called at any time and as often as one likes.

        :param bool rechoose: look for the rule that matches now
        :param bool force: with ``rechoose``, take the rule's hours even if it is the same rule
        """
        # sudo: deadlines are set by the rules, whatever the rights of whoever changes a complaint.
        complaints = self.sudo()
        choosing = complaints.filtered(
            lambda complaint: rechoose
            or complaint.clock_state == "new"
            or (complaint.clock_rechoose and complaint.state in RUNNING_STATES)
        )
        chosen = self.env["customer.complaint.sla"].sudo()._match_complaints(choosing) if choosing else {}
        now, times = fields.Datetime.now(), WorkingTimes()
        for complaint in complaints:
            anew = force or (complaint.clock_rechoose and complaint.clock_state != "done")
            complaint._write_clock(complaint._prepare_clock(now, times, chosen.get(complaint), anew))
        complaints._trigger_clock()

    def _write_clock(self, values):
        """Write those values that differ from what is stored (one record)."""
        changed = {
            name: value
            for name, value in values.items()
            if (self[name].id if self._fields[name].type == "many2one" else self[name]) != value
        }
        if changed:
            self.write(changed)

    def _clock_calendar(self, rule):
        """Return the calendar this complaint's deadlines are counted in, maybe none (one record)."""
        team = self.team_id.with_company(self.company_id)
        return rule.calendar_id or (team._get_calendar() if team else self.company_id.resource_calendar_id)

    def _prepare_clock(self, now, times, chosen=None, force=False):
        """Return the values of the clock as they have to be (one record).

        :param times: :class:`WorkingTimes`
        :param chosen: the rule chosen just now, maybe none; None keeps the rule there is
        :param force: take the hours of a rule even if it is the one there is
        """
        rule = self.sla_id if chosen is None else chosen
        renewed = force or rule != self.sla_id
        calendar = self._clock_calendar(rule)
        # Holidays without a calendar are those of the complaint's company.
        calendar = calendar.with_company(self.company_id)
        if self.state not in RUNNING_STATES:
            target = "done"
        else:
            target = "stopped" if self.stage_id.clock_stops or not self.active else "running"
        reopened = self.clock_state == "done" and target != "done"
        values = {
            "sla_id": rule.id,
            "clock_state": target,
            "clock_calendar_id": calendar.id,
            "clock_rechoose": self.clock_rechoose and target == "done",
            "promised_acknowledge_hours": self.promised_acknowledge_hours,
            "promised_resolve_hours": self.promised_resolve_hours,
        }
        if renewed:
            values["promised_acknowledge_hours"] = rule.acknowledge_hours
            values["promised_resolve_hours"] = rule.resolve_hours
        values.update(self._prepare_clock_run(now, times, calendar, target))
        if reopened:
            resolve = to_seconds(values["promised_resolve_hours"])
            values["clock_round"] = self.clock_round + 1
            values["clock_used"] = min(values["clock_used"], round(resolve * (1 - rule.soon_share / 100)))
        missed = self._missed_deadlines(now)
        if not rule:
            values.update(acknowledge_deadline=False, resolve_deadline=False)
            pending = {}
        else:
            pending = self._prepare_deadlines(now, times[calendar], values, renewed or reopened)
            missed |= {name for name, moment in pending.items() if moment and moment < now}
        for name in missed:
            values[f"{name}_missed"] = True
        values["is_missed"] = self.is_missed or bool(missed)
        values.update(self._prepare_deadline_state(now, times[calendar], values, rule, pending))
        return values

    def _prepare_clock_run(self, now, times, calendar, target):
        """Return since when the clock runs, and what had been used then (one record)."""
        started, used = self.clock_started, self.clock_used
        if self.clock_state == "new":
            started, used = self.date_received, 0
        elif started and (target != "running" or calendar != self.clock_calendar_id):
            counted = self.clock_calendar_id.with_company(self.company_id)
            used = max(0, used + times[counted].seconds(started, now))
            started = now
        if target != "running":
            if self.clock_state == "new":
                used = max(0, times[calendar].seconds(started, now))
            started = False
        elif not started:
            started = now
        return {"clock_started": started, "clock_used": used}

    def _missed_deadlines(self, now):
        """Return which deadlines that were set have passed without being met (one record)."""
        missed = set()
        acknowledged = self.date_acknowledged or now
        if self.acknowledge_deadline and self.acknowledge_deadline < acknowledged:
            missed.add("acknowledge")
        if self.clock_state != "done" and self.resolve_deadline and self.resolve_deadline < now:
            missed.add("resolve")
        return missed

    def _prepare_deadlines(self, now, time, values, renewed):
        """Set the deadlines still to be met in ``values``; return {which: moment or False} (one record).

        A deadline that has passed stays where it was, unless another one is promised.
        """
        pending = {}
        if self.state == "received" and not self.date_acknowledged and values["promised_acknowledge_hours"]:
            pending["acknowledge"] = self.acknowledge_deadline
        if values["clock_state"] != "done" and values["promised_resolve_hours"]:
            pending["resolve"] = self.resolve_deadline
        for name in ("acknowledge", "resolve") if renewed else ():
            passed = self[f"{name}_deadline"] and self[f"{name}_deadline"] < now
            met = name == "acknowledge" and self.date_acknowledged
            if not values[f"promised_{name}_hours"] and not passed and not met:
                # No longer promised.
                values[f"{name}_deadline"] = False
        for name, moment in pending.items():
            if renewed or not moment or moment >= now:
                moment = False
                if values["clock_started"]:
                    seconds = to_seconds(values[f"promised_{name}_hours"])
                    moment = time.moment(values["clock_started"], seconds - values["clock_used"]) or False
            pending[name] = values[f"{name}_deadline"] = moment
        return pending

    def _prepare_deadline_state(self, now, time, values, rule, pending):
        """Return the next deadline, its state, and when to look again (one record)."""
        running = values["clock_state"] == "running"
        moments = {name: moment for name, moment in pending.items() if moment and running}
        result = {"deadline": False, "soon_at": False, "clock_check_at": False, "clock_rest": 0.0}
        if not rule:
            state = "none"
        elif not pending:
            state = "done"
        elif not running:
            state = "stopped"
            result["clock_rest"] = min(
                to_seconds(values[f"promised_{name}_hours"]) - values["clock_used"] for name in pending
            ) / HOUR
        elif not moments:
            state = "none"
        else:
            name = min(moments, key=moments.get)
            deadline = result["deadline"] = moments[name]
            warning = to_seconds(values[f"promised_{name}_hours"] * (1 - rule.soon_share / 100))
            started = values["clock_started"]
            soon = result["soon_at"] = time.moment(started, max(0, warning - values["clock_used"]))
            state = "missed" if deadline < now else "soon" if soon <= now else "in_time"
            checks = [moment + SECOND for moment in moments.values() if moment >= now]
            if state == "in_time":
                checks.append(soon)
            round_number = values.get("clock_round", self.clock_round)
            checks += [due for due, _level in self._due_levels(time, rule, moments, round_number)]
            result["clock_check_at"] = min(checks, default=False)
        result["deadline_state"] = state
        return result

    def _due_levels(self, time, rule, moments, round_number):
        """Return when which levels of escalation are due. Extension point: pairs of moment and level."""
        return []

    def _move_clock_starts(self, before):
        """Count from another date of receipt. ``before``: {complaint: the date it had}."""
        times = WorkingTimes()
        # sudo: as in _sync_clocks.
        for complaint in self.sudo():
            earlier = times[complaint.clock_calendar_id].seconds(complaint.date_received, before[complaint])
            if complaint.clock_started and not complaint.clock_used:
                complaint.clock_started = complaint.date_received
            elif complaint.clock_state != "done":
                complaint.clock_used = max(0, complaint.clock_used + earlier)

    @api.model
    def _renew_clocks(self, domain, rechoose=False):
        """Have the clocks of many complaints looked at: the first at once, the others by the scheduled action.

        :return: how many there are
        """
        now = fields.Datetime.now()
        query = self.with_context(active_test=False)._search(domain)
        self.env.flush_all()
        renewed = self.env.execute_query(SQL(
            "UPDATE customer_complaint SET clock_check_at = %s, clock_rechoose = clock_rechoose OR %s"
            " WHERE id IN %s RETURNING id",
            now, rechoose, query.subselect(),
        ))
        self.invalidate_model(["clock_check_at", "clock_rechoose"], flush=False)
        complaints = self.browse(sorted(row[0] for row in renewed)[:AT_ONCE])
        for again, some in complaints.grouped("clock_rechoose").items():
            some._sync_clocks(rechoose=again, force=again)
        if len(renewed) > AT_ONCE:
            self._wake_clock(now)
        return len(renewed)
