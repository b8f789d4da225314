from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ...models.voice.customer_voice_flood import net_address
from ..voice.customer_form import MAX_REQUEST, read_form_key
from .complaint_form import PublicComplaintForm
from .complaint_sending import ComplaintSendingPortal

# Nobody sees this field, so nobody but a program fills it in.
TRAP = "homepage"


class ComplaintPublicForm(ComplaintSendingPortal):
    """A new complaint of somebody without an account, where the company wants that."""

    def _public_company(self, company):
        """Return the company whose form this is, if it has one."""
        # sudo: whether there is a public form is public.
        companies = request.env["res.company"].sudo()
        number = str(company or "")
        if not number.isdecimal():
            company = request.env.company
        else:
            # More digits than an id has: no company.
            company = companies.browse(int(number)).exists() if len(number) < 10 else companies
        if not company.sudo().complaint_public_form:
            raise NotFound()
        # sudo: visitors may not read companies; the form shows the name.
        return company.sudo()

    @route("/complaints/new", type="http", auth="public", website=True, sitemap=False, methods=["GET"])
    def public_complaint_new(self, company=None, sent=None, **kw):
        """Show an empty form, or the complaint that a form has made already."""
        company = self._public_company(company)
        if not request.env.user._is_public():
            return request.redirect("/my/complaints/new")
        if sent:
            # Only this browser was given the mark of the form. It loses its worth with the link that
            # was made at sending, which is never made anew here: see write of the complaint.
            complaint = request.env["customer.complaint"]._find_sent(read_form_key(sent))
            if complaint.access_token:
                return request.redirect(complaint.get_portal_url(query_string="&note=mailed"))
        return self._render_public_form(company, PublicComplaintForm(request.env))

    @route(
        "/complaints/new",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
        max_content_length=MAX_REQUEST,
    )
    def public_complaint_send(self, company=None, **post):
        """Take a complaint of an unknown sender, or show the form again with all that was entered."""
        company = self._public_company(company)
        form = PublicComplaintForm(request.env, post, request.httprequest.files.getlist("files"))
        if post.get(TRAP):
            return request.render("crm_customer_value.public_complaint_thanks", {"company": company})
        if not self._check_public_form(form, post):
            return self._render_public_form(company, form)
        text = form.input["text"]
        if form.input["order_name"]:
            # What somebody types is not an order of theirs: it stays text.
            text += "\n\n" + request.env._("Order: %(name)s", name=form.input["order_name"])
        # sudo: nobody is logged in; the form was read name by name and points to no record.
        complaint = request.env["customer.complaint"].sudo().with_company(company)._send_by_customer(
            {**form.values(), "company_id": company.id},
            text, form.files(), form.input["key"],
        )
        if not complaint:
            return request.redirect(f"/complaints/new?company={company.id}&sent={form.input['key']}")
        complaint._place_unknown_sender()
        return request.redirect(complaint.get_portal_url(query_string="&note=mailed"))

    def _check_public_form(self, form, post):
        """Look at a form, and whether there is room for it; note what is wrong; tell whether nothing is."""
        flood = request.env["customer.voice.flood"]
        ip = request.httprequest.remote_addr
        # Whoever fails again and again is stopped before anything is looked at.
        if not flood._admit_try(ip):
            self._refuse_flood(form, [("try", net_address(ip))])
            return False
        if not form.check():
            return False
        files = flood._uses_of_files(f"net,{net_address(ip)}", form.sizes())
        uses = [*flood._uses_of_form(ip, form.values()["email_from"]), *files]
        full = flood._full(*uses)
        if set(full) == {"all"}:
            # So many come in that a program may be at work: people show that they are none, and go on.
            if not flood._is_answered(post.get("question_mark"), post.get("question_answer")):
                form.question = flood._new_question()
                form.errors["question_answer"] = request.env._(
                    "We are receiving very many complaints at the moment. Please answer the question at the end of "
                    "the form so that we know you are a person. If you added files, please choose them again."
                )
                return False
            uses = [use for use in uses if use[0] != "all"]
        if not flood._take_room(*uses):
            self._refuse_flood(form, uses)
            return False
        return True

    def _refuse_flood(self, form, uses):
        form.errors["flood"] = request.env._(
            "We received too many complaints from your network. Nothing you entered is lost. %(wait)s",
            wait=request.env["customer.voice.flood"]._refusal(*uses),
        )

    def _render_public_form(self, company, form):
        return request.render("crm_customer_value.public_complaint_new", {
            "company": company,
            "form": form,
            "trap": TRAP,
            "remedies": self._complaint_remedies(),
        })
