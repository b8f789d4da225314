import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

// One colour for each class and segment, wherever it is shown.
const COLORS = {
    a: "success",
    b: "info",
    c: "secondary",
    champions: "success",
    loyal: "success",
    potential_loyalist: "info",
    new: "info",
    promising: "info",
    need_attention: "warning",
    about_to_sleep: "warning",
    cant_lose: "danger",
    at_risk: "danger",
    hibernating: "secondary",
    lost: "secondary",
};

/** A value class or RFM segment as a badge; nothing where there is none. */
export class ValueBadgeField extends BadgeField {
    get badgeClass() {
        const color = COLORS[this.props.record.data[this.props.name]] || "300";
        return `text-bg-${color}`;
    }
}

export const valueBadgeField = {
    ...badgeField,
    component: ValueBadgeField,
    displayName: _t("Customer Value Badge"),
    supportedTypes: ["selection"],
    supportedOptions: [],
    extractProps: () => ({}),
};

registry.category("fields").add("customer_value_badge", valueBadgeField);
