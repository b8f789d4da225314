import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatSelection } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    up: { icon: "fa-arrow-up", color: "success" },
    steady: { icon: "fa-arrow-right", color: "muted" },
    down: { icon: "fa-arrow-down", color: "danger" },
    new: { icon: "fa-star", color: "info" },
};

/** The way a customer's revenue goes, as an arrow with its name. */
export class ValueTrendField extends Component {
    static template = "crm_customer_value.ValueTrendField";
    static props = { ...standardFieldProps, iconOnly: { type: Boolean, optional: true } };
    static defaultProps = { iconOnly: false };

    get look() {
        return LOOKS[this.props.record.data[this.props.name]];
    }

    get label() {
        const { record, name } = this.props;
        return formatSelection(record.data[name], { selection: record.fields[name].selection });
    }
}

export const valueTrendField = {
    component: ValueTrendField,
    displayName: _t("Trend Arrow"),
    supportedTypes: ["selection"],
    supportedOptions: [{ label: _t("Arrow only"), name: "icon_only", type: "boolean" }],
    extractProps: ({ options }) => ({ iconOnly: Boolean(options.icon_only) }),
};

registry.category("fields").add("customer_value_trend", valueTrendField);
