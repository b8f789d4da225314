import { Component } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatDate, formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { daysAgo } from "../days_ago/days_ago";
import { ValueStory } from "../../story/value_story/value_story";

const AMOUNTS = [
    "shown_revenue_12m",
    "shown_revenue_previous_12m",
    "shown_revenue_total",
    "shown_margin_12m",
    "shown_margin_total",
    "shown_clv_12m",
    "shown_value_at_risk",
    "shown_lifetime_history",
    "shown_lifetime_potential",
    "shown_lifetime_value",
    "open_quotation_amount",
    "open_opportunity_amount",
];
const NUMBERS = [
    "order_count",
    "order_count_12m",
    "purchase_days",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "open_complaints",
    "open_severe_complaints",
    "complaint_count_12m",
    "csat_count",
];

/**
 * The whole value record behind a link to it. It is read together with the form, in the
 * same call and with the rights of the user.
 */
export class ValuePanelField extends Component {
    static template = "crm_customer_value.ValuePanelField";
    static components = { ValueStory };
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    setup() {
        this.action = useService("action");
    }

    /** Open documents of the customer by a method of the server. */
    open(method, ...args) {
        return this.action.doActionButton({
            type: "object",
            name: method,
            args: JSON.stringify(args),
            resModel: "customer.value",
            resId: this.value.id,
        });
    }

    /** What is open with a customer, for who may see it: a text and the method that opens the documents. */
    get openDocuments() {
        const { open_quotation_amount: quoted, open_opportunity_amount: wished } = this.value;
        const documents = [];
        if (quoted !== false) {
            documents.push({
                method: "action_view_open_quotations",
                text: _t("Quotations: %s", this.amount("open_quotation_amount")),
            });
        }
        if (wished !== false) {
            const amount = this.amount("open_opportunity_amount");
            documents.push({
                method: "action_view_open_opportunities",
                text: this.value.open_probability
                    ? _t("Opportunities: %(amount)s, %(percent)s % likely", {
                          amount,
                          percent: Math.round(this.value.open_probability),
                      })
                    : _t("Opportunities: %s", amount),
            });
        }
        return documents;
    }

    /** What is expected, in words; a range where a single day would promise too much. */
    get outlook() {
        const percent = (share) => _t("%s %", Math.round(100 * share));
        const risks = { low: _t("low"), medium: _t("medium"), high: _t("high") };
        return {
            risk: `${risks[this.value.churn_level]}, ${percent(this.value.churn_risk)}`,
            color: this.value.risk_note
                ? "warning-emphasis"
                : { low: "success", medium: "warning", high: "danger" }[this.value.churn_level],
            range: this.nextPurchase,
        };
    }

    get nextPurchase() {
        if (this.value.expected_next_purchase_date) {
            return _t("%(from)s to %(to)s", {
                from: this.date("next_purchase_from"),
                to: this.date("next_purchase_to"),
            });
        }
        // Only a regular rhythm says when the next purchase should have come.
        return this.value.clv_method === "steady" ? _t("overdue") : "–";
    }

    /** How the money at risk was found. */
    get riskBasis() {
        return {
            model: _t("margin of the period × risk of loss"),
            model_revenue: _t("revenue of the period × risk of loss, as the margin is not known"),
            rhythm: _t("estimated from rhythm: margin of the period × how late the customer is"),
            rhythm_revenue: _t(
                "estimated from rhythm: revenue of the period × how late the customer is, as the margin is not known"
            ),
        }[this.value.value_at_risk_basis];
    }

    /** Margin in percent of revenue, of the period and the one before. */
    get marginRate() {
        const percent = (name) => formatFloat(this.value[name], { digits: [16, 1] });
        if (this.value.shown_margin_rate_12m === false) {
            return "";
        }
        if (this.value.shown_margin_rate_previous_12m === false) {
            return _t("%s %", percent("shown_margin_rate_12m"));
        }
        return _t("%(rate)s %, before %(before)s %", {
            rate: percent("shown_margin_rate_12m"),
            before: percent("shown_margin_rate_previous_12m"),
        });
    }

    /** What adds up to the lifetime value. */
    get lifetimeParts() {
        const {
            shown_lifetime_value: total,
            shown_lifetime_history: history,
            shown_lifetime_potential: potential,
        } = this.value;
        return _t("%(history)s before + %(current)s in the last %(period)s + %(potential)s expected", {
            history: this.money(history),
            current: this.money(total - history - potential),
            period: this.value.window_text,
            potential: this.money(potential),
        });
    }

    /** How the numbers were found: a few words, and what they mean. */
    get method() {
        return {
            model: [_t("model of purchases"), _t("Learned from the purchases of all customers.")],
            prior: [
                _t("model with typical values (few customers)"),
                _t("You have few customers, so we add figures from typical shops."),
            ],
            rates: [_t("average rates"), _t("No better model could be learned.")],
            last_good: [
                _t("model of an earlier week"),
                _t("This week's model could not be learned. Details: Run Log."),
            ],
            steady: [
                _t("regular rhythm"),
                _t(
                    "Buys at regular intervals. The next order is due one interval after the last; " +
                        "after 1.5 the risk is high."
                ),
            ],
            rule: [
                _t("simple rule"),
                _t("We expect the customer to buy as before. The later they are, the less we expect."),
            ],
        }[this.value.clv_method];
    }

    get matrix() {
        return {
            high: _t("High value"),
            mid: _t("Mid value"),
            potential: _t("Potential"),
            low: _t("Low value"),
        }[this.value.value_matrix];
    }

    get scores() {
        return [
            { key: "r", label: _t("Recency"), score: this.value.recency_score },
            { key: "f", label: _t("Frequency"), score: this.value.frequency_score },
            { key: "m", label: _t("Monetary"), score: this.value.monetary_score },
        ].map((item) => ({
            ...item,
            title: _t("%(label)s: %(score)s of 5", { label: item.label, score: item.score }),
        }));
    }

    /** How many complaints are open, and how many of those are severe. */
    get openComplaints() {
        const { open_complaints: open, open_severe_complaints: severe } = this.value;
        if (!severe) {
            return open;
        }
        return severe === open
            ? _t("%s, severe", open)
            : _t("%(open)s, %(severe)s of them severe", { open, severe });
    }

    /** What the customer says of our service. */
    get csat() {
        return this.value.csat_count === 1
            ? _t("%s of 5 (1 rating)", this.number("csat"))
            : _t("%(mean)s of 5 (%(number)s ratings)", {
                  mean: this.number("csat"),
                  number: this.value.csat_count,
              });
    }

    /** An amount of the value; a dash where it is not known. */
    amount(name) {
        if (this.value[name] === false) {
            return "–";
        }
        return this.money(this.value[name]);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.value.currency_id?.id });
    }

    /** A number of the value; a dash where it is not known. */
    number(name) {
        if (this.value[name] === false) {
            return "–";
        }
        return formatFloat(this.value[name], { digits: [16, 1], trailingZeros: false });
    }

    date(name) {
        return this.value[name] ? formatDate(deserializeDate(this.value[name])) : "–";
    }

    get lastPurchase() {
        const last = this.value.last_purchase_date;
        return last ? daysAgo(deserializeDate(last)) : "–";
    }

    /** How late the customer is, in words, by the ratio of silence to usual gap. */
    get cadence() {
        const { cadence_ratio: ratio, is_silent: silent, typical_gap: gap } = this.value;
        if (silent) {
            return _t("silent, %s × usual", this.number("cadence_ratio"));
        }
        if (!ratio || ratio <= 1) {
            return _t("on time");
        }
        return _t("late by %s days", Math.round((ratio - 1) * gap));
    }
}

export const valuePanelField = {
    component: ValuePanelField,
    displayName: _t("Customer Value"),
    supportedTypes: ["many2one"],
    relatedFields: [
        { name: "explanation", type: "json" },
        { name: "window_text", type: "char" },
        { name: "currency_id", type: "many2one", relation: "res.currency" },
        { name: "amounts_visible", type: "boolean" },
        { name: "has_prediction", type: "boolean" },
        { name: "churn_level", type: "selection" },
        { name: "churn_risk", type: "float" },
        { name: "risk_note", type: "char" },
        { name: "expected_purchases_12m", type: "float" },
        { name: "expected_next_purchase_date", type: "date" },
        { name: "next_purchase_from", type: "date" },
        { name: "next_purchase_to", type: "date" },
        { name: "clv_method", type: "selection" },
        { name: "clv_confidence", type: "selection" },
        { name: "first_purchase_date", type: "date" },
        { name: "last_purchase_date", type: "date" },
        { name: "has_development", type: "boolean" },
        { name: "development_index", type: "float" },
        { name: "value_matrix", type: "selection" },
        { name: "csat", type: "float" },
        { name: "has_satisfaction_score", type: "boolean" },
        { name: "typical_gap", type: "float" },
        { name: "cadence_ratio", type: "float" },
        { name: "is_silent", type: "boolean" },
        { name: "value_at_risk_basis", type: "selection" },
        { name: "shown_margin_rate_12m", type: "float" },
        { name: "shown_margin_rate_previous_12m", type: "float" },
        { name: "has_readable_complaints", type: "boolean" },
        { name: "open_probability", type: "float" },
        { name: "open_with_others", type: "boolean" },
        ...AMOUNTS.map((name) => ({ name, type: "monetary" })),
        ...NUMBERS.map((name) => ({ name, type: "integer" })),
    ],
};

registry.category("fields").add("customer_value_panel", valuePanelField);
