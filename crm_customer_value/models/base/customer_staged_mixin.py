"""Records that go from stage to stage."""

from odoo import api, models
from odoo.fields import Domain


class CustomerStagedMixin(models.AbstractModel):
    """A record in a stage, and what follows when it enters another one.

    The model has the fields ``stage_id``, ``state`` (what its stage means) and ``active``. Its stages say with
    ``clock_stops`` whether working time stands still in them. A mixin that inherits from this one deals with what was
    written after the stages have been dealt with.
    """

    _name = "customer.staged.mixin"
    _description = "Record in Stages"

    # The meanings of stages in which a record still waits for something.
    _open_states = ()

    @api.model_create_multi
    def create(self, vals_list):
        """Put new records into a stage, and note the dates that follow from it."""
        records = super().create(vals_list)
        records._choose_stages()
        records._set_stage_dates({})
        return records

    def write(self, vals):
        """Keep the dates when the stage changes, and tell those who act on it."""
        if "stage_id" not in vals:
            return super().write(vals)
        previous = {record: record.stage_id for record in self}
        result = super().write(vals)
        changed = self.filtered(lambda record: record.stage_id != previous[record])
        previous = {record: previous[record] for record in changed}
        changed._set_stage_dates(previous)
        changed._on_stage_changed(previous)
        return result

    def _choose_stages(self):
        """Put these records into other stages where they have none, or one that is not theirs. Extension point."""

    def _set_stage_dates(self, previous):
        """Note the dates that follow from the stages. Extension point.

        :param previous: {record: stage it left}; one that is not there is new, or its stage means something else now
        """

    def _on_stage_changed(self, previous):
        """React to new stages. Extension point: ``previous`` is {record: stage it left}."""

    @api.model
    def _on_stages_redefined(self, stages, changed):
        """React to stages that mean something else now. Extension point.

        There may be any number of records in them: whoever extends this searches for those it is about.

        :param changed: which of the fields ``state`` and ``clock_stops`` of the stages were written
        """
        if "state" in changed:
            self.search([("stage_id", "in", stages.ids)])._set_stage_dates({})

    @api.model
    def _open_domain(self):
        """Return which records still wait for something."""
        return Domain("state", "in", self._open_states)

    def _is_open(self):
        """Tell whether this record still waits for something (one record)."""
        return self.state in self._open_states

    def _stands_still(self):
        """Tell whether working time stands still for this record (one record)."""
        return self.stage_id.clock_stops or not self.active
