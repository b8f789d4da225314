"""Who serves the customer: service flows, preferences, and who stands in for whom."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Float

# Who writes one of these may be passing a complaint on to others.
PASSING_FIELDS = frozenset(("user_id", "team_id", "flow_id", "partner_id", "stage_id"))


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

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
        help="Set while the complaint is on hold.",
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
        for complaint in self:
            user = complaint.user_id.filtered("active")
            complaint.handler_name = user.name or complaint.team_id.name or complaint.company_id.name

    @api.depends("partner_id.service_hint", "company_id")
    @api.depends_context("lang")
    def _compute_service_hint(self):
        for complaint in self:
            partner = complaint.partner_id.with_company(complaint.company_id)
            complaint.service_hint = ", ".join(partner._service_reach(partner._service_preferences()))

    @api.depends("user_id")
    def _compute_is_responsible_absent(self):
        absent = self.user_id._filter_absent()
        for complaint in self:
            complaint.is_responsible_absent = complaint.user_id in absent

    @api.model_create_multi
    def create(self, vals_list):
        """Find who serves each customer before the record exists, so that it starts in good hands."""
        names = ["company_id", "partner_id", "category_id", "flow_id", "team_id", "user_id"]
        defaults = self.default_get(names)
        absentees, steps, routed = [], [], []
        for vals in vals_list:
            values, absentee = self._find_route({**defaults, **vals})
            absentees.append(absentee)
            steps.append(values.pop("step_id"))
            routed.append({**vals, **values})
        complaints = super().create(routed)
        for complaint, step, absentee in zip(complaints, steps, absentees, strict=True):
            # sudo: the step follows from the flow. Where it begins is no change to tell of.
            complaint.sudo().with_context(mail_notrack=True).step_id = step
            complaint._start_step(fields.Datetime.now())
            if absentee:
                complaint._tell_stand_in(absentee)
        return complaints

    @api.model
    @api.private
    def message_new(self, msg_dict, custom_values=None):
        """Which address a customer wrote to does not outweigh how they wish to be served."""
        routing = self.with_context(service_team_is_default=True)
        return super(CustomerComplaint, routing).message_new(msg_dict, custom_values)

    def write(self, vals):
        """Begin another flow at its first step, and serve a customer who was unknown so far."""
        # Who says the step as well has found the way already.
        changes = "flow_id" in vals and "step_id" not in vals
        previous = {complaint: complaint.flow_id for complaint in self} if changes else {}
        unknown = self.filtered(lambda complaint: not complaint.partner_id) if vals.get("partner_id") else self.browse()
        result = super().write(vals)
        # sudo: who serves a complaint follows from flows and wishes, whomever the one who writes it may see.
        for complaint, flow in previous.items():
            if complaint.flow_id != flow:
                complaint.sudo()._restart_flow({"team_id", "user_id"} & vals.keys())
        unknown.sudo().filtered(lambda complaint: complaint._is_open() and not complaint.flow_id)._route()
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
        for complaint in self:
            values, absentee = complaint._find_route(complaint._route_given())
            complaint.write(values)
            complaint._start_step(fields.Datetime.now())
            if absentee:
                complaint._tell_stand_in(absentee)

    def _route_given(self):
        """Return what is known of this complaint (one) and decides who serves it, as values."""
        names = ("company_id", "partner_id", "category_id", "flow_id", "team_id", "user_id")
        return {name: self[name].id for name in names}

    def _restart_flow(self, given=()):
        """Serve this complaint (one) by its flow from the first step; fields in ``given`` stay."""
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
        # sudo: who reports a complaint need not see all teams, flows and wishes that decide here.
        env = self.sudo().env
        company = env["res.company"].browse(given.get("company_id")) or self.env.company
        partner = env["res.partner"].browse(given.get("partner_id")).with_company(company)
        flow = env["customer.service.flow"].browse(given.get("flow_id"))
        team = env["customer.complaint.team"].browse(given.get("team_id"))
        default_team = team.browse()
        if self.env.context.get("service_team_is_default"):
            team, default_team = default_team, team
        user = env["res.users"].browse(given.get("user_id"))
        wishes = partner._service_preferences()
        flow = flow or wishes["flow"]
        step = step or flow._first_step(team)
        person = self._find_person(partner, flow, wishes)
        if not team:
            team = self._find_team(company, flow, step, person, default_team)
            team = team or self._find_category_team(company, given.get("category_id"))
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

    def _find_category_team(self, company, category_id):
        """Return the team of the category, or of the nearest one above it, else the company's first team."""
        # sudo: as above.
        category = self.env["customer.complaint.category"].sudo().browse(category_id)
        while category:
            team = category.team_id.filtered(lambda own: own.active and own.company_id == company)
            if team:
                return team
            category = category.parent_id
        return category.team_id.search([("company_id", "=", company.id)], limit=1)

    def _take_over(self):
        """Have the team leaders stand in for the people responsible, and tell the customers."""
        for complaint in self:
            absentee = complaint.user_id
            stand_in = complaint.team_id._stand_in(absentee)
            if not stand_in and absentee._may_serve(complaint.company_id):
                continue
            complaint.user_id = stand_in
            complaint._tell_stand_in(absentee)
