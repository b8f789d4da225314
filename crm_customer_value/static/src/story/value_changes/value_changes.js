import { Component } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatDate, formatFloat, formatMonetary } from "@web/views/fields/formatters";

/** What changed since the last month end: component by component, and by which documents. */
export class ValueChanges extends Component {
    static template = "crm_customer_value.ValueChanges";
    static props = {
        change: { type: Object },
        currencyId: { type: [Number, Boolean] },
        amountsVisible: { type: Boolean },
    };

    setup() {
        this.action = useService("action");
    }

    get since() {
        return this.date(this.props.change.date);
    }

    get parts() {
        // What did not move is no news.
        return this.props.change.parts.filter((part) => part.difference).map((part) => this.row(part, part.label));
    }

    get index() {
        return this.row(this.props.change.index, _t("Value index"));
    }

    get documents() {
        const titles = {
            new: _t("New since then"),
            dropped: _t("No longer counted: too old"),
        };
        return this.props.change.documents.map((group) => ({
            ...group,
            title: titles[group.kind],
            totalText: this.money(group.total),
            more: group.number - group.rows.length,
            rows: group.rows.map((row) => ({
                ...row,
                dateText: this.date(row.date),
                revenueText: this.money(row.revenue),
                marginText: row.margin === null ? "–" : this.money(row.margin),
            })),
        }));
    }

    get complaints() {
        return (this.props.change.complaints || []).map((event) => ({
            ...event,
            dateText: this.date(event.date),
        }));
    }

    /** What else happened since then, in groups. */
    get events() {
        return (this.props.change.events || []).map((group) => ({
            ...group,
            rows: group.rows.map((event) => ({ ...event, dateText: this.date(event.date) })),
        }));
    }

    /** What fell due since then, in words; nothing where nothing did. */
    get payments() {
        const { payments } = this.props.change;
        return (
            payments &&
            _t("%(due)s fell due since then, %(paid)s of it was paid on time.", {
                due: this.money(payments.due),
                paid: this.money(payments.on_time),
            })
        );
    }

    row(values, label) {
        const { before, now, difference } = values;
        let color = "text-muted";
        if (difference) {
            color = difference > 0 ? "text-success" : "text-danger";
        }
        return {
            key: values.key,
            label,
            color,
            before: this.number(before),
            now: this.number(now),
            difference: (difference > 0 ? "+" : "") + this.number(difference),
        };
    }

    number(value) {
        if (value === false) {
            return "–";
        }
        return formatFloat(value, { digits: [16, 1] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.props.currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    open(link) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: link.model,
            res_id: link.id,
            views: [[false, "form"]],
        });
    }
}
