from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.base.number_fields import Monetary


class CustomerComplaintCredit(models.TransientModel):
    """Makes a credit note of a compensation, for an invoice or without one."""

    _name = "customer.complaint.credit"
    _inherit = ["customer.service.wizard"]
    _description = "Credit Note for a Complaint"
    _named_fields = ("complaint_id",)

    complaint_id = fields.Many2one("customer.complaint", required=True, readonly=True)
    currency_id = fields.Many2one(related="complaint_id.currency_id", related_sudo=False)
    compensation = Monetary(related="complaint_id.compensation", related_sudo=False)
    credited_amount = Monetary("Credited So Far", compute="_compute_credited_amount")
    amount = Monetary(
        "Amount to Credit",
        compute="_compute_amount",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Untaxed; taxes are those of the invoice, or of the product.",
    )
    customer_id = fields.Many2one(related="complaint_id.commercial_partner_id", related_sudo=False, string="Customer")
    company_id = fields.Many2one(related="complaint_id.company_id", related_sudo=False)
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), ('company_id', '=', company_id),"
        " ('commercial_partner_id', '=', customer_id)]",
        help="Empty: a credit note of its own.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(
        required=True, compute="_compute_reason", compute_sudo=False, store=True, readonly=False
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"complaint_id", "amount", "invoice_id", "date", "reason"}

    @api.depends("complaint_id")
    def _compute_credited_amount(self):
        for wizard in self:
            # What is credited is added up beyond the rights of the user.
            wizard.complaint_id._origin.check_access("read")
            wizard.credited_amount = wizard.complaint_id.credited_amount

    @api.depends("complaint_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = max(wizard.compensation - wizard.complaint_id.credited_amount, 0.0)

    @api.depends("complaint_id")
    def _compute_invoice_id(self):
        for wizard in self:
            invoice = wizard.complaint_id.invoice_id
            usable = invoice.move_type == "out_invoice" and invoice.state == "posted"
            wizard.invoice_id = invoice if usable else False

    @api.depends("complaint_id")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = self.env._("Complaint %s", wizard.complaint_id.display_name)

    def action_create(self):
        """Make the credit note as a draft and show it."""
        self.ensure_one()
        complaint = self.complaint_id
        complaint._check_can_credit()
        self._check_amount()
        credited = complaint.credited_amount
        move = self._credit_invoice() if self.invoice_id else self._credit_alone()
        # What is credited was given: a compensation said before may be more, never less.
        complaint.write({
            "compensation": max(complaint.compensation, credited + self.amount),
            "remedy": complaint.remedy or "refund",
            "invoice_id": complaint.invoice_id.id or self.invoice_id.id,
        })
        complaint._message_log(body=self.env._("Credit note: %s", move._get_html_link()))
        move._message_log(body=self.env._("Made from the complaint %s", complaint._get_html_link()))
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "views": [(False, "form")],
        }

    def _check_amount(self):
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Enter an amount to credit above zero."))
        invoice = self.invoice_id
        if invoice and self.currency_id.compare_amounts(self.amount, invoice.amount_untaxed_signed) > 0:
            raise UserError(
                self.env._(
                    "The amount is higher than the untaxed amount of %(invoice)s. Enter at most that amount, or leave "
                    "the invoice empty.",
                    invoice=invoice.display_name,
                )
            )

    def _prepare_credit(self):
        """Return the values of every credit note made from a complaint."""
        return {"complaint_id": self.complaint_id.id, "company_id": self.company_id.id}

    def _credit_invoice(self):
        """Reverse the invoice as accounting does, and leave of it the amount that is credited."""
        invoice = self.invoice_id
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"date": self.date, "reason": self.reason, "journal_id": invoice.journal_id.id})
        reversal.refund_moves()
        move = reversal.new_move_ids
        move.complaint_id = self.complaint_id
        lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        wanted = self.currency_id._convert(
            self.amount, move.currency_id, self.company_id, move.invoice_date or self.date
        )
        whole = self.currency_id.compare_amounts(self.amount, invoice.amount_untaxed_signed) == 0
        if not whole:
            self._replace_lines(move, lines, wanted)
        return move

    def _replace_lines(self, move, lines, wanted):
        """Credit ``wanted`` in one line for each kind of tax and account, in proportion to the invoice."""
        currency = move.currency_id
        total = sum(lines.mapped("price_subtotal"))
        kinds = [
            (kind, sum(part.mapped("price_subtotal")), sum(part.mapped(self._gross)))
            for kind, part in lines.grouped(lambda line: (line.tax_ids, line.account_id)).items()
        ]
        # The largest comes last and takes what rounding leaves over.
        kinds.sort(key=lambda kind: kind[1])
        left, values = wanted, []
        for number, ((taxes, account), subtotal, gross) in enumerate(kinds, start=1):
            share = left if number == len(kinds) else currency.round(wanted * subtotal / total)
            left -= share
            if not share:
                continue
            values.append({
                "name": self.reason,
                "quantity": 1,
                # Taxes that are part of the price are in what a line asks, and not in what it is untaxed.
                "price_unit": share * gross / subtotal,
                "tax_ids": [Command.set(taxes.ids)],
                "account_id": account.id,
            })
        move.write({
            "invoice_line_ids": [
                *(Command.delete(line.id) for line in move.invoice_line_ids),
                *(Command.create(line) for line in values),
            ]
        })

    def _credit_alone(self):
        """Make a credit note of one line, in the currency of the company."""
        complaint = self.complaint_id
        partner = self.env["res.partner"].browse(complaint.partner_id.address_get(["invoice"])["invoice"])
        move = self.env["account.move"].with_company(self.company_id).create({
            **self._prepare_credit(),
            "move_type": "out_refund",
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date,
            "ref": self.reason,
            "invoice_line_ids": [
                Command.create({
                    "product_id": complaint.product_id.id,
                    "name": self.reason,
                    "quantity": 1,
                    "price_unit": self.amount,
                })
            ],
        })
        line = move.invoice_line_ids
        if line.price_subtotal and self.currency_id.compare_amounts(line.price_subtotal, self.amount):
            line.price_unit = self.amount * self._gross(line) / line.price_subtotal
        return move

    @staticmethod
    def _gross(line):
        """Return what a line of an invoice asks, with the taxes that are part of its price."""
        return line.price_unit * line.quantity * (1 - line.discount / 100)
