import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The cells of one row, from score 1 to score 5, given cut-points in ascending order.
 *
 * @param {number[]} cuts four numbers; a value up to a cut belongs below it
 * @param {(number) => string} format
 * @param {boolean} whole the values are whole numbers, so a band starts one above a cut
 * @returns {string[]} five bands in ascending order; "–" where equal cuts leave nothing
 */
export function bands(cuts, format, whole) {
    const texts = [_t("up to %s", format(cuts[0]))];
    for (let i = 1; i < cuts.length; i++) {
        const [low, high] = [cuts[i - 1], cuts[i]];
        if (low === high) {
            texts.push("–");
        } else if (whole && high === low + 1) {
            texts.push(format(high));
        } else if (whole) {
            texts.push(_t("%(low)s to %(high)s", { low: format(low + 1), high: format(high) }));
        } else {
            texts.push(_t("up to %s", format(high)));
        }
    }
    texts.push(_t("above %s", format(cuts.at(-1))));
    return texts;
}

/** The cut-points of a run as tables for people. */
export class CutPointsField extends Component {
    static template = "crm_customer_value.CutPointsField";
    static props = { ...standardFieldProps };

    get points() {
        return this.props.record.data[this.props.name] || {};
    }

    money(text) {
        return formatMonetary(Number(text), { currencyId: this.props.record.data.currency_id?.id });
    }

    get rows() {
        const { recency, frequency, monetary } = this.points;
        if (!recency?.length) {
            return [];
        }
        const money = (number) => this.money(number);
        return [
            {
                key: "r",
                label: _t("Recency (days since the last purchase)"),
                cells: bands(recency, formatInteger, true).reverse(),
            },
            {
                key: "f",
                label: _t("Frequency (days with purchases)"),
                cells: bands(frequency, formatInteger, true),
            },
            {
                key: "m",
                label: _t("Monetary (revenue)"),
                cells: bands(monetary.map(Number), money, false),
            },
        ];
    }

    get classes() {
        const { pareto_a: a, pareto_b: b } = this.points;
        if (!b) {
            return [];
        }
        return [
            { key: "a", label: _t("A"), text: a ? _t("from %s", this.money(a)) : "–" },
            {
                key: "b",
                label: _t("B"),
                text: a === b ? "–" : _t("from %s", this.money(b)),
            },
            { key: "c", label: _t("C"), text: _t("below %s", this.money(b)) },
        ];
    }

    get basis() {
        return this.points.basis === "margin" ? _t("margin") : _t("revenue");
    }

    get gap() {
        return this.points.gap
            ? formatFloat(Number(this.points.gap), { digits: [16, 1], trailingZeros: false })
            : "";
    }
}

export const cutPointsField = {
    component: CutPointsField,
    displayName: _t("Thresholds"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "currency_id", type: "many2one", relation: "res.currency" }],
};

registry.category("fields").add("customer_value_cut_points", cutPointsField);
