from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Let go of links to conversations that go over to somebody else, and find the customers behind them anew."""
        partners = self.env["res.partner"].browse(partner_ids)
        families = self._families_of_threads(partners)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        remaining = partners.exists()
        for model in self._models_of_customers():
            # sudo: also of companies and teams that whoever merges contacts does not work for.
            records = self.env[model].sudo().with_context(active_test=False)
            field = records._fields["commercial_partner_id"]
            self.env.add_to_compute(field, records.search([("partner_id", "child_of", remaining.ids)]))
        for threads, before in families:
            threads = threads.exists()
            threads._leave_families({thread: before[thread.id] for thread in threads})
        return result

    @api.model
    def _models_of_customers(self):
        """Return the models that store the customer of their contact, which a merge moves by SQL."""
        return self.env["customer.thread.mixin"]._thread_models()

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
