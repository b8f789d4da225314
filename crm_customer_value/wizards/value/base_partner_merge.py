from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Mark the customers whose purchases a merge, which moves them by SQL, brings together."""
        partners = self.env["res.partner"].browse(partner_ids)
        self._check_takeover(partners.exists(), dst_partner)
        partners.exists()._mark_customers()
        families = self._families_of_threads(partners)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        remaining = partners.exists()
        self._renew_customers(remaining)
        for threads, before in families:
            threads = threads.exists()
            threads._leave_families({thread: before[thread.id] for thread in threads})
        self.env["customer.complaint"]._refresh_stakes_of(remaining.commercial_partner_id)
        remaining._mark_customers()
        return result

    @api.model
    def _families_of_threads(self, partners):
        """Return whose the conversations with these contacts are: [(documents, {id: commercial partner})].

        Whoever has a link to one of them may be somebody else than the customer it goes over to.
        """
        families = []
        for model in self.env["customer.thread.mixin"]._thread_models():
            # sudo: as below.
            threads = self.env[model].sudo().with_context(active_test=False)
            threads = threads.search([("partner_id", "child_of", partners.exists().ids)])
            families.append((threads, {thread.id: thread.commercial_partner_id for thread in threads}))
        return families

    @api.model
    def _check_takeover(self, partners, stays):
        """Raise when a merge would take over customers of others."""
        if not partners or not partners._is_takeover_checked():
            return
        if not stays or stays not in partners:
            stays = self._get_ordered_partner(partners.ids)[-1]
        # sudo: whose customer somebody is counts, whoever may read the contacts of the family.
        customer = stays.sudo().commercial_partner_id
        partners._check_moves(dict.fromkeys((partners - stays).sudo(), customer))

    @api.model
    def _renew_customers(self, partners):
        """Find the customer behind complaints and suggestions anew: a merge moves their contacts by SQL."""
        for model in ("customer.complaint", "customer.suggestion", "customer.suggestion.support"):
            # sudo: also of companies and teams that whoever merges contacts does not work for.
            records = self.env[model].sudo().with_context(active_test=False)
            field = records._fields["commercial_partner_id"]
            self.env.add_to_compute(field, records.search([("partner_id", "child_of", partners.ids)]))

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one snapshot a month: the one of who stays, else the youngest of those who go.

        A merge that meets two of one month would drop the whole history of those who go.
        """
        self.env.cr.execute(SQL(
            """DELETE FROM customer_value_snapshot s
                WHERE s.partner_id = ANY(%(going)s)
                  AND EXISTS (SELECT 1 FROM customer_value_snapshot other
                               WHERE other.company_id = s.company_id AND other.date = s.date
                                 AND (other.partner_id = %(stays)s
                                      OR other.partner_id = ANY(%(going)s)
                                         AND other.partner_id > s.partner_id))""",
            going=src_partners.ids, stays=dst_partner.id,
        ))
        # What was at stake for those who go was not at stake for who stays.
        self.env["customer.complaint"].flush_model(["stake_partner_id"])
        self.env.cr.execute(SQL(
            "UPDATE customer_complaint SET stake_partner_id = NULL WHERE stake_partner_id = ANY(%s)", src_partners.ids
        ))
        # sudo: who merges contacts need not have rights on suggestions
        self.env["customer.suggestion.support"].sudo()._prepare_partner_merge(src_partners | dst_partner, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
