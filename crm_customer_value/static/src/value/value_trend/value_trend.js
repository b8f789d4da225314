import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatSelection } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    up: { icon: "fa-arrow-up", color: "success" },
    steady: { icon: "fa-arrow-right", color: "muted" },
    down: { icon: "fa-arrow-down", color: "danger" },
    new: { icon: "fa-star", color: "info" },
};
const SILENCE = { icon: "fa-bell-slash", color: "danger" };

/**
 * The way a customer's revenue goes, as an arrow with its name.
 *
 * Who has been silent for long is not growing, whatever the revenue of the year says: silence takes its place.
 */
export class ValueTrendField extends Component {
    static template = "crm_customer_value.ValueTrendField";
    static props = { ...standardFieldProps, iconOnly: { type: Boolean, optional: true } };
    static defaultProps = { iconOnly: false };

    get isSilent() {
        return Boolean(this.props.record.data.is_silent);
    }

    get look() {
        return this.isSilent ? SILENCE : LOOKS[this.props.record.data[this.props.name]];
    }

    get label() {
        const { record, name } = this.props;
        if (this.isSilent) {
            const ratio = formatFloat(record.data.cadence_ratio, { digits: [16, 1] });
            return _t("Silent, %s × usual", ratio);
        }
        return formatSelection(record.data[name], { selection: record.fields[name].selection });
    }
}

export const valueTrendField = {
    component: ValueTrendField,
    displayName: _t("Trend Arrow"),
    supportedTypes: ["selection"],
    supportedOptions: [{ label: _t("Arrow only"), name: "icon_only", type: "boolean" }],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ iconOnly: Boolean(options.icon_only) }),
    fieldDependencies: [
        { name: "is_silent", type: "boolean" },
        { name: "cadence_ratio", type: "float" },
    ],
};

registry.category("fields").add("customer_value_trend", valueTrendField);
