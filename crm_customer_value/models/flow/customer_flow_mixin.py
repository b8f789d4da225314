"""Who serves the customer: service flows, preferences, and who stands in for whom."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Float

# Who writes one of these may be passing a record on to others.
PASSING_FIELDS = frozenset(("user_id", "team_id", "flow_id", "partner_id", "stage_id"))


class CustomerFlowMixin(models.AbstractModel):
    """A record that is served as its customer wishes, by one team after the other.

    Whoever passes it on keeps it in sight.

    The model has the fields ``company_id``, ``active``, ``partner_id``, ``team_id`` and ``user_id``, and tells in the
    methods called extension points what is its own.
    """

    _name = "customer.flow.mixin"
    _description = "Record Passed on from Team to Team"
    _inherit = ["customer.staged.mixin", "customer.guarded.mixin", "mail.thread"]

    # What is known of a record, and decides who serves it.
    _route_by = ("company_id", "partner_id", "flow_id", "team_id", "user_id")

    flow_id = fields.Many2one(
        "customer.service.flow",
        string="Service Option",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Chosen by the customer. If you change it, the new option starts with its first step.",
    )
    step_id = fields.Many2one(
        "customer.service.flow.step",
        string="Current Step",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    step_deadline = fields.Datetime(
        "Step Until", readonly=True, copy=False, index="btree_not_null", help="The next team takes over at this time."
    )
    step_hours_left = Float(
        "Hours Left in Step",
        readonly=True,
        copy=False,
        aggregator=None,
    )
    handler_name = fields.Char("Handled By", compute="_compute_handler_name", compute_sudo=True)
    service_hint = fields.Char(
        "Wishes of the Customer", compute="_compute_service_hint", compute_sudo=True
    )
    is_responsible_absent = fields.Boolean(compute="_compute_is_responsible_absent")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"flow_id"}

    @api.depends("user_id.name", "user_id.active", "team_id.name", "company_id.name")
    @api.depends_context("lang")
    def _compute_handler_name(self):
        for record in self:
            user = record.user_id.filtered("active")
            record.handler_name = user.name or record.team_id.name or record.company_id.name

    @api.depends("partner_id.service_hint", "company_id")
    @api.depends_context("lang")
    def _compute_service_hint(self):
        for record in self:
            partner = record.partner_id.with_company(record.company_id)
            record.service_hint = ", ".join(partner._customer_wish_words(partner._customer_wishes()))

    @api.depends("user_id")
    def _compute_is_responsible_absent(self):
        absent = self.user_id._filter_absent()
        for record in self:
            record.is_responsible_absent = record.user_id in absent

    @api.model
    def _flow_models(self):
        """Return each model whose records are passed on, as empty recordsets."""
        names = self.pool.descendants(["customer.flow.mixin"], "_inherit")
        # sudo: who may serve what does not depend on who asks.
        return [self.env[name].sudo() for name in names if not self.env[name]._abstract]

    @api.model_create_multi
    def create(self, vals_list):
        """Find who serves each customer before the record exists, so that it starts in good hands."""
        defaults = self.default_get(list(self._route_by))
        absentees, steps, routed = [], [], []
        for vals in vals_list:
            values, absentee = self._find_route({**defaults, **vals})
            absentees.append(absentee)
            steps.append(values.pop("step_id"))
            routed.append({**vals, **values})
        records = super().create(routed)
        for record, step, absentee in zip(records, steps, absentees, strict=True):
            # sudo: the step follows from the flow. Where it begins is no change to tell of.
            record.sudo().with_context(mail_notrack=True).step_id = step
            record._start_step(fields.Datetime.now())
            if absentee:
                record._tell_stand_in(absentee)
        return records

    @api.model
    @api.private
    def message_new(self, msg_dict, custom_values=None):
        """Which address a customer wrote to does not outweigh how they wish to be served."""
        routing = self.with_context(flow_team_is_default=True)
        return super(CustomerFlowMixin, routing).message_new(msg_dict, custom_values)

    def write(self, vals):
        """Begin another flow at its first step, and serve a customer who was unknown so far."""
        # Who says the step as well has found the way already.
        changes = "flow_id" in vals and "step_id" not in vals
        previous = {record: record.flow_id for record in self} if changes else {}
        unknown = self.filtered(lambda record: not record.partner_id) if vals.get("partner_id") else self.browse()
        result = super().write(vals)
        # sudo: who serves a record follows from flows and wishes, whomever the one who writes it may see.
        for record, flow in previous.items():
            if record.flow_id != flow:
                record.sudo()._restart_flow({"team_id", "user_id"} & vals.keys())
        unknown.sudo().filtered(lambda record: record._is_open() and not record.flow_id)._route()
        if "active" in vals:
            self.sudo()._sync_step_time(fields.Datetime.now())
        if PASSING_FIELDS & vals.keys():
            self._keep_in_sight()
        return result

    def _keep_in_sight(self):
        """Have employees follow what they just passed on: their screens read what they saved."""
        if self.env.su or not self.env.user._is_internal():
            return
        gone = self - self._filtered_access("read")
        # sudo: they saw it until now, and may read what they follow.
        gone.sudo().message_subscribe(self.env.user.partner_id.ids)

    def _route(self):
        """Fill what is still open of flow, step, team and responsible person."""
        for record in self:
            values, absentee = record._find_route(record._route_given())
            record.write(values)
            record._start_step(fields.Datetime.now())
            if absentee:
                record._tell_stand_in(absentee)

    def _route_given(self):
        """Return what is known of this record (one) and decides who serves it, as values."""
        return {name: self[name].id for name in self._route_by}

    def _restart_flow(self, given=()):
        """Serve this record (one) by its flow from the first step; fields in ``given`` stay."""
        if not self.flow_id:
            self.write({"step_id": False, "step_deadline": False, "step_hours_left": 0.0})
            return
        known = {**self._route_given(), "user_id": self.user_id.id if "user_id" in given else False}
        # sudo: whoever chooses a flow need not be able to read its teams.
        first = self.sudo().flow_id._first_step(self.team_id if "team_id" in given else None)
        if first and "team_id" not in given:
            known["team_id"] = first._team_for(self.company_id).id or known["team_id"]
        values, absentee = self._find_route(known, first)
        team = self.team_id
        self.write(values)
        self._start_step(fields.Datetime.now())
        if absentee:
            self._tell_stand_in(absentee)
        elif self.team_id != team:
            self._tell_hand_over(first.browse())

    @api.model
    def _find_route(self, given, step=None):
        """Return the values of flow, step, team and responsible, and who is absent (a user).

        What is given is kept, only that somebody who is absent is replaced by the team's leader.
        """
        # sudo: whoever makes a record need not see all teams, flows and wishes that decide here.
        env = self.sudo().env
        company = env["res.company"].browse(given.get("company_id")) or self.env.company
        partner = env["res.partner"].browse(given.get("partner_id")).with_company(company)
        flow = env["customer.service.flow"].browse(given.get("flow_id"))
        team = env[self._fields["team_id"].comodel_name].browse(given.get("team_id"))
        default_team = team.browse()
        if self.env.context.get("flow_team_is_default"):
            team, default_team = default_team, team
        user = env["res.users"].browse(given.get("user_id"))
        wishes = partner._customer_wishes()
        flow = flow or wishes["flow"]
        step = step or flow._first_step(team)
        person = self._find_person(partner, flow, wishes)
        if not team:
            team = self._find_team(company, flow, step, person, default_team)
            team = team or self.sudo()._find_default_team(company, given)
        if not user and person and (not step or person in team.member_ids | team.leader_id):
            user = person
        absentee = env["res.users"]
        if user and (not user._may_serve(company) or user._filter_absent(company)):
            stand_in = team._stand_in(user)
            # Nobody to stand in: whoever is only away comes back, but who has left does not.
            if stand_in or not user._may_serve(company):
                absentee, user = user, stand_in
        return {
            "flow_id": flow.id,
            "step_id": step.id,
            "team_id": team.id,
            "user_id": user.id,
        }, absentee

    def _find_person(self, partner, flow, wishes):
        """Return who the customer wishes to be served by; with one contact, the salesperson otherwise."""
        person = wishes["user"]
        if not person and flow.one_contact:
            person = partner.user_id or partner.commercial_partner_id.user_id
        return person

    def _find_team(self, company, flow, step, person, default_team):
        """Return the team of the first step, or that of the one contact, else the default one."""
        team = step._team_for(company)
        if not team and flow.one_contact and person:
            belongs = Domain("member_ids", "in", person.ids) | Domain("leader_id", "in", person.ids)
            team = default_team.search(belongs & Domain("company_id", "=", company.id), limit=1)
        return team or default_team

    @api.model
    def _find_default_team(self, company, given):
        """Return the team of what no flow gives to another one: the company's first. Extension point."""
        return self.team_id.search([("company_id", "=", company.id)], limit=1)

    def _take_over(self):
        """Have the team leaders stand in for the people responsible, and tell the customers."""
        for record in self:
            absentee = record.user_id
            stand_in = record.team_id._stand_in(absentee)
            if not stand_in and absentee._may_serve(record.company_id):
                continue
            record.user_id = stand_in
            record._tell_stand_in(absentee)
