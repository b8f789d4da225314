from odoo import api, fields, models

from ...engine.story import changes
from ...engine.value import parts

# What opens that which a number is made of: a method of the value, and its arguments.
CURRENT_PURCHASES = {"method": "action_view_purchases", "args": ["current"]}
PREVIOUS_PURCHASES = {"method": "action_view_purchases", "args": ["previous"]}
DUE_INVOICES = {"method": "action_view_due_invoices", "args": []}


class CustomerValue(models.Model):
    """The story of a value: what stands behind it, how it went, and what changed it lately.

    Told for one customer at a time and only when somebody asks, because it reads documents.
    """

    _inherit = "customer.value"

    @api.model
    def _part_problems(self, declared):
        """A part that a month end cannot keep is not counted either: its history would never come back."""
        kept = self.env["customer.value.snapshot"]._fields
        return [*super()._part_problems(declared), *parts.kept_problems(declared, kept)]

    @api.model
    def _part_problem_text(self, kind, name, detail):
        if kind != "kept":
            return super()._part_problem_text(kind, name, detail)
        return self.env._(
            "The part “%(part)s” of the value index has no columns “%(detail)s” in customer.value.snapshot. Add "
            "them with “part_fields(…, snapshot=True)” and update the addon.",
            part=name, detail=detail,
        )

    @api.readonly
    def get_story(self):
        """Return what the form shows beside the numbers of one customer.

        :return: dict of ``history`` (:meth:`_story_history`), ``inputs`` by component
            (:meth:`_story_inputs`), ``change`` (:meth:`_story_change`), ``amounts_visible`` and
            ``currency_id``
        """
        self.ensure_one()
        self.check_access("read")
        snapshots = self.env["customer.value.snapshot"].search(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id)],
            order="date",
        )
        full, latest = self._story_runs()
        return {
            "amounts_visible": self.amounts_visible,
            "currency_id": self.currency_id.id,
            "history": self._story_history(snapshots, latest),
            "inputs": self._story_inputs(full, latest) if full else {},
            "change": self._story_change(snapshots[-1:], full, latest) if full else False,
        }

    def _story_runs(self):
        """Return the company's last full run and its last run, which may be the same."""
        # sudo: runs are read by managers; the story tells a salesperson what they say of a customer.
        runs = self.env["customer.value.run"].sudo()
        done = [("company_id", "=", self.company_id.id), ("state", "=", "done")]
        return runs._last_full_run(self.company_id), runs.search(done, order="completion desc", limit=1)

    # ---- how it went -------------------------------------------------------------------

    def _story_history(self, snapshots, latest):
        """Return the points of the trend: the month ends that were kept, then the value of today."""
        points = [
            self._story_point(snapshot, snapshot.date) for snapshot in snapshots if snapshot.value_index is not False
        ]
        if points and latest and latest.as_of > snapshots[-1].date and self.value_index is not False:
            points.append({**self._story_point(self, latest.as_of), "now": True})
        return points

    def _story_point(self, record, day):
        """Return one point of the trend, of a snapshot or of the value itself."""
        def text(name):
            if name == "lifecycle_stage_id":
                return record.lifecycle_stage_id.display_name
            return dict(self._fields[name]._description_selection(self.env)).get(record[name])

        return {
            "date": fields.Date.to_string(day),
            "index": record.value_index,
            "class": record.value_class,
            "details": [
                {"label": self._fields[name]._description_string(self.env), "text": text(name)}
                for name in ("value_class", "lifecycle_stage_id", "rfm_segment", "churn_level")
                if record[name]
            ],
        }

    # ---- what stands behind it ---------------------------------------------------------

    def _story_inputs(self, full, latest):
        """Return {component: its inputs}, for each component that has a method to tell them.

        Inputs are ``facts``, a list of dicts of ``label``, ``type``, ``value`` and maybe ``open`` (the method of
        the value, with its arguments, that opens what the number is made of), and a ``comparison`` in words. A
        component is told by a method ``_story_of_<component>``.
        """
        inputs, shown = {}, self._shown_parts() if self.value_index is not False else {}
        for name in shown:
            tell = getattr(self, f"_story_of_{name}", None)
            if tell and name in parts.present(shown, self):
                facts, comparison = tell(full, latest)
                inputs[name] = {
                    "facts": [
                        dict(zip(("label", "type", "value", "open"), fact, strict=False))
                        for fact in facts if self.amounts_visible or fact[1] != "monetary"
                    ],
                    "comparison": comparison,
                }
        return inputs

    def _story_of_current_value(self, full, _latest):
        basis = (full.cut_points or {}).get("basis", "revenue")
        labels = {
            "margin": self.env._("Margin, last %s", self.window_text),
            "revenue": self.env._("Revenue, last %s", self.window_text),
        }
        comparison = self.env._("Nothing to compare in this period.")
        if self.current_value_score == 100:
            comparison = self.env._("Nobody brought more.")
        elif self.current_value_score:
            comparison = self.env._(
                "More than %(percent)s %% of your customers.", percent=round(self.current_value_score)
            )
        return [
            (labels[basis], "monetary", self[f"shown_{basis}_12m"], CURRENT_PURCHASES),
            (
                self.env._("Purchase days, last %s", self.window_text), "number", self.purchase_days_12m,
                CURRENT_PURCHASES,
            ),
        ], comparison

    def _story_of_future_value(self, _full, _latest):
        comparison = self.env._("No value is expected.")
        if self.future_value_score == 100:
            comparison = self.env._("Nobody is expected to bring more.")
        elif self.future_value_score:
            comparison = self.env._(
                "Expected to bring more than %(percent)s %% of your customers.", percent=round(self.future_value_score)
            )
        return [
            (self.env._("Expected value, 12 months"), "monetary", self.shown_clv_12m),
            (self.env._("Expected purchases, 12 months"), "number", self.expected_purchases_12m),
        ], comparison

    def _story_of_development(self, full, _latest):
        growth = (full.cut_points or {}).get("growth")
        percent = round(100 * float(growth)) - 100 if growth else 0
        comparison = False
        if growth and percent >= 0:
            comparison = self.env._("We grew by %(percent)s %% in the same time.", percent=percent)
        elif growth:
            comparison = self.env._("We shrank by %(percent)s %% in the same time.", percent=-percent)
        return [
            (self.env._("Revenue, last %s", self.window_text), "monetary", self.shown_revenue_12m, CURRENT_PURCHASES),
            (
                self.env._("Revenue, %s before", self.window_text), "monetary", self.shown_revenue_previous_12m,
                PREVIOUS_PURCHASES,
            ),
        ], comparison

    def _story_of_cost_to_serve(self, _full, _latest):
        if not self.cost_to_serve_score:
            return [], False
        return [
            (self.env._("Given back, or spent on complaints and contacts"), "monetary", self.shown_cost_to_serve),
            (self.env._("Share of the revenue (%)"), "number", self.cost_to_serve_score),
        ], self._story_free_hours()

    def _story_free_hours(self):
        """Return that hours cost nothing, where nobody said what they cost; False otherwise."""
        # sudo: that no cost is set is no secret.
        return not self.company_id.sudo().complaint_hour_cost and self.env._(
            "Hours spent on complaints and contacts do not count: the cost of an hour is 0 in the settings."
        )

    def _story_of_loyalty(self, full, _latest):
        facts, comparison = [], self.env._("With only one purchase day, we do not know the usual gap yet.")
        if self.purchase_days > 1:
            gap = (full.cut_points or {}).get("gap")
            facts = [
                (self.env._("First to last purchase"), "days",
                 (self.last_purchase_date - self.first_purchase_date).days),
                (self.env._("Usual gap"), "days", self.typical_gap),
                (self.env._("Last purchase"), "ago", fields.Date.to_string(self.last_purchase_date)),
            ]
            comparison = gap and self.env._(
                "The usual gap of all customers is %(days)s days.", days=round(float(gap))
            )
        if self.adopted_suggestions:
            facts.append((self.env._("Adopted suggestions"), "number", self.adopted_suggestions))
        return facts, comparison

    def _story_of_payment(self, full, _latest):
        if not self.amounts_visible:
            return [], False
        full._flush_facts()
        due, on_time = changes.payments(self.env.cr, full._scope(ids=self.partner_id.ids))
        invoices = [DUE_INVOICES] if self.env["account.move"].has_access("read") else []
        return [
            (self.env._("Due, last %s", self.window_text), "monetary", due, *invoices),
            (self.env._("Paid on time"), "monetary", on_time),
        ], False

    # ---- what changed ------------------------------------------------------------------

    def _story_change(self, before, full, latest):
        """Return what changed since a snapshot, component by component, and by which documents.

        The differences of the components add up to that of the index: points are kept with one
        decimal, and their sum is the index, then as now.

        :param before: the customer's last customer.value.snapshot, or none
        :return: dict, or False without a snapshot
        """
        if not before:
            return False
        change = {
            "date": fields.Date.to_string(before.date),
            "index": self._story_difference(before.value_index, self.value_index),
            "parts": self._story_parts(before),
            "rules_changed": self._story_rules_changed(before, full),
            "documents": [],
            "payments": False,
            "complaints": self._story_complaints(before.date, full, latest),
            "events": self._story_events(before.date, latest),
        }
        if self.amounts_visible:
            full._flush_facts()
            scope = full._scope(ids=self.partner_id.ids)._replace(as_of=latest.as_of)
            change["documents"] = self._story_documents(scope, before.date, full)
            if full.as_of > before.date:
                due, on_time = changes.payments_since(
                    self.env.cr, scope._replace(as_of=full.as_of), before.date
                )
                change["payments"] = due and {"due": due, "on_time": on_time}
        return change

    def _story_events(self, _since, _latest):
        """Return what else happened after a day, up to the last run: a list of groups.

        Extension point: a group is a dict of ``title`` and ``rows``; a row one of ``date``, ``text``, ``name`` and
        ``link`` (model and id, or False).
        """
        return []

    def _story_rules_changed(self, before, full):
        """Return whether a snapshot was scored by other rules, as far as the run log still knows."""
        kept = full.search([
            ("company_id", "=", before.company_id.id), ("kind", "=", "full"), ("state", "=", "done"),
            ("as_of", "=", before.date),
        ], order="completion desc", limit=1)
        return bool(kept and kept.policy_id != full.policy_id)

    def _story_parts(self, before):
        """Return what each part of the index was and is, and how far that lies apart.

        Where the set of grounds is another one, that is a line of its own: what those that are there both times
        make is told as if there had been no other ones, and the line says what the others do.
        """
        labels, shown = self._component_labels(), self._shown_parts()
        grounds, names = parts.of_kind(shown, "ground"), parts.lines(shown)
        records = (before, self)
        sets = [parts.present(grounds, record) for record in records]
        points = [self._story_stored_points(record, names) for record in records]
        rows = []
        if sets[0] != sets[1] and False not in (before.value_index, self.value_index):
            moved = parts.of_kind(shown, "bonus", "deduction")
            points = [
                {name: one[name] if name in moved else 0.0 for name in names}
                | self._story_points(record, sets[0] & sets[1])
                for record, one in zip(records, points, strict=True)
            ]
            others = [
                round(record.value_index - sum(one.values()), 1) for record, one in zip(records, points, strict=True)
            ]
            rows = [{"key": "set", "label": self._story_set(*sets), **self._story_difference(*others)}]
        return [
            {"key": name, "label": labels[name], **self._story_difference(points[0][name], points[1][name])}
            for name in names
        ] + rows

    @api.model
    def _story_stored_points(self, record, names):
        """Return {part: points} of a value, or of a snapshot; what it did not know yet had none."""
        if record.value_index is False:
            return dict.fromkeys(names, False)
        return {name: record[f"{name}_points"] or 0.0 for name in names}

    def _story_points(self, record, grounds):
        """Return {part: points} as if a value, or a snapshot, had these grounds only, and its shares."""
        shown = self._shown_parts()
        names = grounds | parts.present(parts.of_kind(shown, "share"), record)
        weights = self.env["customer.value.policy"]._get_active(self.company_id)._all_weights()
        own = weights.industries.get(self.industry_id.id, weights.general)
        # How much stood behind a part at that month end is not kept.
        counted = {name: round(1000 * own[name] * self._evidence(shown[name])) for name in names}
        scores = {name: round(10 * record[shown[name].score_column]) for name in names}
        return {name: tenths / 10 for name, tenths in parts.points_of(shown, scores, counted).items()}

    def _story_set(self, then, now):
        """Return which parts count now that did not, and which no longer do, in one line."""
        labels = self._component_labels()
        came, went = (
            ", ".join(label for name, label in labels.items() if name in names) for names in (now - then, then - now)
        )
        if came and went:
            return self.env._("%(came)s counts now, %(went)s no longer", came=came, went=went)
        return self.env._("%s counts now", came) if came else self.env._("%s no longer counts", went)

    def _story_difference(self, before, now):
        """Return two numbers and how far they lie apart: no difference where one is not known."""
        known = before is not False and now is not False
        return {"before": before, "now": now, "difference": known and round(now - before, 1)}

    def _story_documents(self, scope, since, full):
        """Return the documents that came, and those that left the period, as two lists."""
        found = changes.documents(self.env.cr, scope, since, full.as_of)
        links = self._story_links(scope.sources(scope), {document.name for document in found})
        return [
            {
                "kind": kind,
                "number": rows[0].number,
                "total": rows[0].total,
                "rows": [
                    {
                        "date": fields.Date.to_string(row.day),
                        "name": row.name,
                        "revenue": row.revenue,
                        "margin": row.margin,
                        "link": links.get(row.name, False),
                    }
                    for row in rows
                ],
            }
            for kind in ("new", "dropped")
            if (rows := [document for document in found if document.kind == kind])
        ]

    def _story_links(self, names_of_models, names):
        """Return {name: model and id} of the customer's documents that the user may open."""
        links = {}
        for model in map(self.env.__getitem__, names_of_models):
            if not names or not model.has_access("read"):
                continue
            found = model.search([
                (model._rec_name, "in", sorted(filter(None, names))),
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ])
            links |= {document[model._rec_name]: {"model": model._name, "id": document.id} for document in found}
        return links
