from email.message import EmailMessage

from odoo.tests import TransactionCase
from odoo.tools.mail import email_normalize_all

from odoo.addons.mail.tests.common import MockEmail

OWN_DOMAIN = "complaints.example.com"


class ComplaintMailCase(MockEmail, TransactionCase):
    """A company with an e-mail domain, a team with an address, and a customer with two people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({
            "name": OWN_DOMAIN,
            "bounce_alias": "bounce",
            "catchall_alias": "catchall",
            "default_from": "notifications",
        })
        cls.company = cls.env["res.company"].create({
            "name": "Complaint Company",
            "email": f"office@{OWN_DOMAIN}",
            "alias_domain_id": cls.domain.id,
            # What is told with a delay has tests of its own: test_complaint_telling.
            "complaint_mail_minutes": 0,
        })
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": [cls.company.id], "tz": "UTC"})
        cls.company = cls.company.with_env(cls.env)
        cls.leader = cls._user("leader", "crm_customer_value.group_service_team")
        cls.agent = cls._user("agent", "crm_customer_value.group_service_team")
        cls.team = cls._team("Desk", "desk")
        cls.customer = cls.env["res.partner"].create({"name": "Customer Ltd", "is_company": True})
        cls.anna, cls.bert = cls.env["res.partner"].create([
            {"name": "Anna", "email": "anna@customer.example", "parent_id": cls.customer.id},
            {"name": "Bert", "email": "bert@customer.example", "parent_id": cls.customer.id},
        ])
        cls.stages = {
            name: cls.env.ref(f"crm_customer_value.complaint_stage_{name}")
            for name in (
                "received", "acknowledged", "investigating", "waiting", "answered", "closed", "rejected",
            )
        }
        cls.complaints = cls.env["customer.complaint"]

    @classmethod
    def _user(cls, login, group):
        return cls.env["res.users"].create({
            "name": login.title(),
            "login": f"complaint_{login}",
            "email": f"{login}@staff.example",
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
            "group_ids": [(6, 0, [cls.env.ref(group).id])],
        })

    @classmethod
    def _team(cls, name, address, **values):
        return cls.env["customer.complaint.team"].create({
            "name": name,
            "alias_name": address,
            "company_id": cls.company.id,
            "leader_id": cls.leader.id,
            "member_ids": [(6, 0, cls.agent.ids)],
            **values,
        })

    def _complaint(self, partner=None, **values):
        """Return a complaint whose receipt has been sent already."""
        values = {
            "name": "Broken screen",
            "description": "It broke.",
            "partner_id": partner and partner.id,
            "team_id": self.team.id,
            "user_id": self.agent.id,
            "company_id": self.company.id,
            "tells_receipt": True,
            **values,
        }
        with self.mock_mail_gateway():
            complaint = self.complaints.create(values)
            self._end_request()
        return complaint

    def _mail(self, sender="anna@customer.example", subject="Broken", body="It broke.", to=None, **headers):
        """Return an e-mail as an EmailMessage; underscores in names of headers are hyphens."""
        mail = EmailMessage()
        if sender:
            mail["From"] = sender
        mail["To"] = to or f"desk@{OWN_DOMAIN}"
        if subject is not None:
            mail["Subject"] = subject
        headers.setdefault("Message_Id", f"<{self.env.cr.now().timestamp()}.{self._next()}@customer.example>")
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return mail

    def _end_request(self):
        """Send what waits for the end of a transaction."""
        self.env.flush_all()
        self.env.cr.flush()

    def _next(self):
        type(self).counter = getattr(self, "counter", 0) + 1
        return self.counter

    def _receive(self, mail):
        """Put a mail (message or bytes) through the gateway; return the complaints it made."""
        last = self.complaints.search([], order="id desc", limit=1).id
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, mail if isinstance(mail, bytes) else mail.as_bytes())
            self._end_request()
        return self.complaints.with_context(active_test=False).search([("id", ">", last or 0)], order="id")

    def _reply(self, complaint, **values):
        """Return an e-mail that answers the last message of ``complaint`` that went outside."""
        told = complaint.message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
            or (message.message_type != "email" and not message.subtype_id.internal)
        )[:1]
        told = told or complaint.message_post(body="Tell us more.", subtype_xmlid="mail.mt_comment")
        return self._answer(told, **values)

    def _answer(self, message, sender="anna@customer.example", **values):
        """Return an e-mail that answers ``message`` as ``sender`` got it."""
        thread = self.env[message.model].browse(message.res_id)
        email = thread._prove_outgoing({
            "email_to_normalized": email_normalize_all(sender), "references": message.message_id, "subject": "",
        })
        headers = {"In_Reply_To": message.message_id, "References": email["references"]}
        return self._mail(sender, **{**headers, **values})

    def _enter(self, complaint, stage, user=None, **values):
        """Move a complaint, as somebody, and return the e-mails this sends as [(to, subject)]."""
        with self.mock_mail_gateway():
            complaint.with_user(user or self.env.user).write({"stage_id": self.stages[stage].id, **values})
            self._end_request()
        return self._sent()

    def _mails_outside(self):
        """Return the e-mails just sent, without those to colleagues."""
        return [mail for mail in self._mails if not any("staff.example" in address for address in mail["email_to"])]

    def _sent(self):
        """Return the e-mails sent to people outside, as [(address, subject)]."""
        return [(address, mail["subject"]) for mail in self._mails_outside() for address in mail["email_to"]]

    def _activities(self, complaint):
        """Return {name of the activity type: its user} of a complaint, and fail on two of one type."""
        activities = complaint.sudo().activity_ids
        names = activities.mapped("activity_type_id.name")
        self.assertEqual(len(names), len(activities), "two activities of one type")
        return {activity.activity_type_id.name: activity.user_id for activity in activities}
