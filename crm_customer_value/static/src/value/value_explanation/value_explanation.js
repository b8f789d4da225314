import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

/** Why a value index is what it is: its parts as a stacked bar, and the sum below. */
export class ValueExplanation extends Component {
    static template = "crm_customer_value.ValueExplanation";
    static props = {
        explanation: { type: Object },
        inputs: { type: Object, optional: true }, // by component: facts, comparison
    };
    static defaultProps = { inputs: {} };

    get index() {
        return this.format(this.props.explanation.index);
    }

    get parts() {
        return this.props.explanation.parts.map((part) => ({
            ...part,
            facts: this.props.inputs[part.key]?.facts || [],
            comparison: this.props.inputs[part.key]?.comparison || part.help,
            width: Math.max(part.points || 0, 0),
            scoreText: this.format(part.score),
            // What may be taken off is no share of the weights, but points: it stands under the name.
            weightText: part.deduction ? "–" : `${this.format(part.weight)} %`,
            deductionText: part.deduction && this.deductionText(part),
            pointsText: this.format(part.points),
            deductionTitle: part.bonus
                ? _t("Adds at a score above 50, takes off below")
                : _t("Maximum deduction, at a score of %s", part.lost_at || 0),
        }));
    }

    deductionText(part) {
        const points = this.format(part.weight);
        return part.bonus ? _t("Adds or takes off up to %s points.", points) : _t("Takes off up to %s points.", points);
    }

    /** What keeps the index within 0 and 100, where anything does. */
    get bounds() {
        const { bounds } = this.props.explanation;
        return bounds && { ...bounds, pointsText: this.format(bounds.points) };
    }

    get description() {
        const parts = this.parts
            .filter((part) => !part.missing)
            .map((part) => _t("%(name)s %(points)s", { name: part.label, points: part.pointsText }));
        return _t("Value index %(index)s of 100, made of: %(parts)s", {
            index: this.index,
            parts: parts.join(", "),
        });
    }

    format(number) {
        return formatFloat(number, { digits: [16, 1] });
    }
}
