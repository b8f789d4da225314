import json

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .benefit_portal_case import BenefitPortalCase

MODELS = (
    "customer.need", "customer.need.type", "customer.need.change", "customer.benefit.metric", "customer.benefit.goal",
    "customer.benefit.record", "customer.benefit.correction", "customer.benefit.settlement",
    "customer.benefit.statement",
)
REPORT = "crm_customer_value.report_customer_benefit_statement"


@tagged("post_install", "-at_install")
class TestBenefitPortalAttack(BenefitPortalCase):
    """What customers try by other ways than the pages, or on the pages of others: each must fail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival_goal = cls.goal.copy({"partner_id": cls.bob.partner_id.id, "plan": "Rival plan"})
        cls.rival_record = cls._record(
            1, 11.0, partner_id=cls.bob.partner_id.id, goal_id=cls.rival_goal.id, note="Rival remark"
        )
        cls.rival_need = cls._need("Rival words", partner_id=cls.bob.partner_id.id)
        cls.far_record = cls._record(5, 12.0, company_id=cls.other_company.id, goal_id=False, baseline=40.0)
        cls.guess = cls._need("We guess that", is_guess=True)
        cls.objection = cls._need("Too dear for them", type_id=cls.objection_type.id)
        cls.doubtful = cls._record(6, 4000.0)
        cls.hidden = cls.rival_record | cls.far_record | cls.doubtful
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self._login(self.anna)

    def _before(self):
        self.env.flush_all()
        self.env.invalidate_all()
        records, needs = self.hidden | self.record, self.need | self.rival_need | self.guess | self.objection
        return [
            record.read([name for name, field in record._fields.items() if field.store])
            for records in (records, needs, self.goal | self.rival_goal) for record in records
        ]

    # The pages

    def test_others_records_are_not_there(self):
        """Not to read, to confirm, to contest, to change, and nothing tells that they are somewhere."""
        before = self._before()
        absent = 2**31 - 1
        for path, ids in (
            ("/my/benefit/figures/%s/contest", self.hidden.ids),
            ("/my/benefit/needs/%s", (self.rival_need | self.guess | self.objection).ids),
            ("/my/benefit/goals/%s/figure", self.rival_goal.ids),
        ):
            for record_id in (*ids, absent, 2**31, 10**20):
                with self.subTest(path=path, id=record_id):
                    for html in (self._page(path % record_id), self._post(
                        path % record_id, words="Contested", importance="1", state="met", value="1",
                        date_from="2025-01-01", date_to="2025-01-31",
                    )):
                        self.assertIn("This is no longer here", html)
                        for text in ("Rival words", "We guess that", "Too dear for them", "4,000"):
                            self.assertNotIn(text, html)
        for record in self.hidden:
            html = self._post(f"/my/benefit/figures/{record.id}/confirm", mark=record._customer_mark())
            self.assertIn("This is no longer here", html)
        figures = [f"{record.id}:{record._customer_mark()}" for record in self.hidden]
        html = self._post(f"/my/benefit/metrics/{self.faults.id}/confirm", figure=figures)
        self.assertIn("This is no longer here", html)
        self.assertEqual(self._before(), before)

    def test_metric_of_others(self):
        metric = self._metric("Rival metric of the test", "hours")
        self._record(3, 2.0, partner_id=self.bob.partner_id.id, metric_id=metric.id, goal_id=False, baseline=3.0)
        self.env.flush_all()
        for metric_id in (metric.id, 2**31, 10**20):
            html = self._page(f"/my/benefit/metrics/{metric_id}")
            self.assertIn("This is no longer here", html)
            self.assertNotIn("Rival metric", html)
        html = self._page(f"/my/benefit/metrics/{self.faults.id}")
        self.assertEqual(html.count("/contest?"), 1)

    def test_nothing_of_ours_is_shown(self):
        self.goal.message_post(body="Secret message of ours")
        self.need.message_post(body="Secret message of ours")
        self.env.flush_all()
        pages = [
            "/my/benefit", f"/my/benefit/metrics/{self.faults.id}", f"/my/benefit/needs/{self.need.id}",
            "/my/benefit/needs/new", "/my/benefit/goals/new", f"/my/benefit/goals/{self.goal.id}/figure",
            f"/my/benefit/figures/{self.record.id}/contest", "/my/benefit/pdf", "/my",
        ]
        for page in pages:
            html = self._page(page)
            with self.subTest(page=page):
                for text in (
                    "Secret", "Rival", "We guess that", "Too dear", "Oscar", "4,000", "Value Index", "value_index",
                    "churn", "benefit_ratio",
                ):
                    self.assertNotIn(text, html)

    def test_mass_assignment(self):
        """What a form brings beside its own fields is never looked at."""
        forged = {
            "state": "confirmed", "source": "staff", "gain": "1000000", "counts": "1", "baseline": "1000000",
            "partner_id": str(self.bob.partner_id.id), "company_id": str(self.other_company.id), "is_checked": "1",
            "metric_id": "1", "goal_id": str(self.rival_goal.id), "confirmed_by_id": "1", "unit": "tons",
            "product_id": "1", "user_id": "1", "is_guess": "1", "kind": "objection", "active": "", "plan": "forged",
            "is_proposal": "", "id": str(self.rival_record.id), "create_uid": "1",
        }
        first, last = (str(day) for day in self._month(2))
        self._send(
            f"/my/benefit/goals/{self.goal.id}/figure",
            **{**forged, "date_from": first, "date_to": last, "value": "20"},
        )
        record = self.env["customer.benefit.record"].search([("source", "=", "portal")])
        self.assertEqual(
            (
                record.state, record.gain, record.baseline, record.partner_id, record.company_id, record.metric_id,
                record.goal_id, record.unit, record.product_id.id, record.is_checked,
            ),
            (
                "reported", 200.0, 40.0, self.anna.partner_id, self.company, self.faults, self.goal, "faults", False,
                False,
            ),
        )
        self._send(
            "/my/benefit/needs/new",
            **{**forged, "type_id": str(self.need_type.id), "words": "Mine", "importance": "2"},
        )
        need = self.env["customer.need"].search([("words", "=", "Mine")])
        self.assertEqual(
            (need.state, need.source, need.partner_id, need.company_id, need.user_id, need.is_guess, need.active),
            ("open", "portal", self.anna.partner_id, self.company, self.seller, False, True),
        )
        self._send(f"/my/benefit/needs/{self.need.id}", **{
            **forged, "state": "met", "importance": "3", "words": "Forged", "type_id": str(self.objection_type.id),
        })
        self.assertEqual(
            (self.need.state, self.need.importance, self.need.words, self.need.type_id, self.need.user_id),
            ("met", 3, "The line must not fail on Sundays", self.need_type, self.owner),
        )
        metric = self._metric("New of the test", "hours")
        self.env.flush_all()
        day = str(self.this_month.replace(year=self.this_month.year + 1))
        self._send("/my/benefit/goals/new", **{
            **forged, "metric_id": str(metric.id), "baseline": "8", "target": "2", "date_target": day, "words": "",
        })
        goal = self.env["customer.benefit.goal"].search([("metric_id", "=", metric.id)])
        self.assertEqual(
            (goal.is_proposal, goal.state, goal.partner_id, goal.company_id, goal.user_id, goal.plan, goal.active),
            (True, "proposed", self.anna.partner_id, self.company, self.seller, False, True),
        )

    def test_a_confirmation_is_that_of_who_is_signed_in(self):
        self._post(
            f"/my/benefit/figures/{self.record.id}/confirm", mark=self.record._customer_mark(),
            partner_id=str(self.bob.partner_id.id), noted_by=str(self.seller.id),
        )
        self.assertEqual(
            (self.record.confirmed_by_id, self.record.confirmation_noted_by_id.id), (self.anna.partner_id, False)
        )

    @mute_logger("odoo.http")
    def test_without_the_token(self):
        before = self._before()
        for method in ("POST", "OPTIONS", "HEAD"):
            for path, data in (
                (f"/my/benefit/figures/{self.record.id}/confirm", {"mark": self.record._customer_mark()}),
                (
                    f"/my/benefit/figures/{self.record.id}/contest",
                    {"words": "No", "mark": self.record._customer_mark()},
                ),
                (f"/my/benefit/needs/{self.need.id}", {"importance": "1", "mark": self.need._customer_mark()}),
                ("/my/benefit/needs/new", {"type_id": str(self.need_type.id), "words": "No", "importance": "1"}),
            ):
                with self.subTest(method=method, path=path):
                    response = self.url_open(path, method=method, data=data)
                    if method == "POST":
                        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._before(), before)
        self.assertFalse(self.env["customer.need"].search([("words", "=", "No")]))

    @mute_logger("odoo.http")
    def test_confirming_takes_a_form(self):
        self.assertEqual(self.url_open(f"/my/benefit/figures/{self.record.id}/confirm").status_code, 405)

    def test_public(self):
        self.authenticate(None, None)
        for path in (
            "/my/benefit", "/my/benefit/pdf", f"/my/benefit/metrics/{self.faults.id}", "/my/benefit/needs/new",
            f"/my/benefit/figures/{self.record.id}/contest",
        ):
            response = self.url_open(path)
            self.assertIn("/web/login", response.url, path)
        self.authenticate(None, None)
        response = self.url_open(f"/my/benefit/figures/{self.record.id}/confirm", data={
            "csrf_token": Request.csrf_token(self), "mark": self.record._customer_mark(),
        })
        self.env.invalidate_all()
        self.assertEqual(self.record.state, "reported")

    def test_huge_input_and_nul(self):
        html = self._send(f"/my/benefit/figures/{self.record.id}/contest", words="x\0" + "y" * 500_000)
        self.assertIn("We will look into it", html)
        self.assertEqual(self.record.contest_words, "x" + "y" * 1999)
        self.assertEqual(self.url_open("/my/benefit?year=" + "9" * 3000).status_code, 200)
        for year in ("-1", "٢٠٢٥", "0000", "\0", "2025'--"):
            self.assertEqual(self.url_open("/my/benefit", params={"year": year}).status_code, 200)

    # Other doors

    def test_no_rights_on_models(self):
        for name in MODELS:
            model = self._as(self.anna, self.env[name])
            with self.subTest(model=name):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(model.has_access(operation))
                for attempt in (
                    lambda model=model: model.search([]),
                    lambda model=model: model.search_read([], ["display_name"]),
                    lambda model=model: model.formatted_read_group([], [], ["__count"]),
                    lambda model=model: model.create({}),
                    lambda model=model: model.name_search(""),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        partner = self._as(self.anna, self.anna.partner_id)
        with mute_logger("odoo.models"), self.assertRaises(AccessError):
            partner.read(["benefit_portal"])
        with self.assertRaises(AccessError):
            partner.search([("benefit_portal", "=", "no")])
        with self.assertRaises(AccessError):
            partner.write({"benefit_portal": "yes"})

    def test_private_methods_are_no_endpoints(self):
        for model, name in (
            ("customer.benefit.record", "_confirm"), ("customer.benefit.record", "_contest"),
            ("customer.benefit.record", "_settle"), ("customer.benefit.record", "_add_by_customer"),
            ("customer.benefit.goal", "_propose_by_customer"), ("customer.need", "_state_by_customer"),
            ("customer.need", "_change_by_customer"), ("res.partner", "_customer_benefit_statement"),
            ("res.partner", "_customer_benefit_env"), ("customer.benefit.record", "_customer_values"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                call_kw(self._as(self.anna, self.env[model]), name, [[self.rival_record.id]], {})

    @mute_logger("odoo.http")
    def test_programs(self):
        """JSON-2 with a key of the customer, and the calls of the web client."""
        key = self.env["res.users.apikeys"].with_user(self.anna).sudo()._generate("rpc", "attack", None)
        headers = {
            "Authorization": f"bearer {key}", "X-Odoo-Database": self.env.cr.dbname,
            "Content-Type": "application/json",
        }
        before = self._before()
        for model, method, body in (
            ("customer.benefit.record", "search_read", {"domain": [], "fields": ["value"]}),
            ("customer.benefit.record", "read", {"ids": self.record.ids, "fields": ["gain"]}),
            ("customer.benefit.record", "write", {"ids": self.record.ids, "vals": {"state": "confirmed"}}),
            ("customer.benefit.record", "create", {"vals_list": [{"state": "confirmed"}]}),
            ("customer.benefit.record", "action_note_confirmation", {"ids": self.record.ids}),
            ("customer.benefit.record", "action_settle", {"ids": self.record.ids}),
            ("customer.benefit.goal", "write", {"ids": self.goal.ids, "vals": {"target": 39.0}}),
            ("customer.need", "read", {"ids": self.objection.ids, "fields": ["words"]}),
            ("customer.need", "write", {"ids": self.need.ids, "vals": {"state": "met"}}),
            ("customer.benefit.statement", "create", {"vals_list": [{"partner_id": self.rival.id, "year": 2025}]}),
        ):
            with self.subTest(model=model, method=method):
                response = self.url_open(f"/json/2/{model}/{method}", data=json.dumps(body), headers=headers)
                self.assertGreaterEqual(response.status_code, 400, response.text)
                answer = self.url_open(
                    "/web/dataset/call_kw", headers={"Content-Type": "application/json"},
                    data=json.dumps({"params": {
                        "model": model, "method": method, "args": [body.get("ids") or [{}]], "kwargs": {},
                    }}),
                ).json()
                self.assertIn("error", answer)
        self.assertEqual(self._before(), before)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report", "odoo.addons.base.models.ir_actions_report")
    def test_report_of_others(self):
        """The route of all reports prints it for nobody outside, not even their own: the page looks whose it is."""
        for partner in (self.rival, self.bob.partner_id, self.mill):
            for kind in ("html", "pdf"):
                response = self.url_open(f"/report/{kind}/{REPORT}/{partner.id}")
                self.assertNotEqual(response.status_code, 200)
                self.assertNotIn("Faults of the test", response.text)

    @mute_logger("odoo.http")
    def test_conversations_stay_ours(self):
        """Records, goals and needs have messages of employees; customers neither read nor write any."""
        for record in (self.record, self.goal, self.need):
            message = record.message_post(body="Secret message of ours", subtype_xmlid="mail.mt_comment")
            self.env.flush_all()
            with self.subTest(model=record._name):
                with self.assertRaises(AccessError):
                    self._as(self.anna, message).read(["body"])
                for route, params in (
                    ("/mail/message/post", {"post_data": {"body": "Intruder"}}),
                    ("/portal/chatter_init", {}),
                    ("/mail/chatter_fetch", {"fetch_params": {}}),
                ):
                    answer = self.url_open(
                        route, headers={"Content-Type": "application/json"},
                        data=json.dumps({"params": {
                            "thread_model": record._name, "thread_id": record.id, **params,
                        }}),
                    ).text
                    self.assertNotIn("Secret message", answer)
                    self.assertNotIn("Intruder", str(record.message_ids.mapped("body")))

    def test_a_contact_that_moves(self):
        """Whose figures they are is decided when a page is opened."""
        self.anna.partner_id.parent_id = self.rival
        self.env.flush_all()
        html = self._page("/my/benefit")
        self.assertIn("Rival words", html)
        # Both were measured in one month: the younger figure, of 140, waits for somebody to look at it.
        self.assertIn("$\u00a0150", html)
        self.assertEqual(self.rival_record.overlap_id, self.record)
        self.anna.partner_id.parent_id = False
        self.env.flush_all()
        self.assertNotIn("Rival", self._page("/my/benefit"))
        self.assertTrue(self.rival_record.counts)
