import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { useValueLink, VALUE_DEPENDENCY } from "../value_link/value_link";

// One colour for each class and segment, wherever it is shown. Segments have the colours of stages: amber is at risk,
// red is lost.
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
    at_risk: "warning",
    hibernating: "warning",
    lost: "danger",
};
const COMPLAINTS = "open_severe_complaints";

/**
 * A value class, segment or stage as a badge; nothing where there is none.
 *
 * Where it stands beside a customer it leads to the customer's value, and a class also says that there are severe
 * complaints: these two decide how a customer is talked to.
 */
export class ValueBadgeField extends BadgeField {
    static template = "crm_customer_value.ValueBadgeField";
    static props = {
        ...BadgeField.props,
        isLink: { type: Boolean, optional: true },
        withComplaints: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        this.link = useValueLink(() => this.props.record);
    }

    get badgeClass() {
        const color = COLORS[this.props.record.data[this.props.name]];
        return color ? `text-bg-${color}` : super.badgeClass;
    }

    get isLinked() {
        return this.props.isLink && Boolean(this.link.id);
    }

    get title() {
        const { record, name } = this.props;
        return `${record.fields[name].string}: ${this.formattedValue}`;
    }

    get complaints() {
        return this.props.withComplaints ? this.props.record.data[COMPLAINTS] : 0;
    }

    get complaintsTitle() {
        return this.complaints === 1
            ? _t("1 open severe complaint")
            : _t("%s open severe complaints", this.complaints);
    }
}

export const valueBadgeField = {
    ...badgeField,
    component: ValueBadgeField,
    displayName: _t("Customer Value Badge"),
    supportedTypes: ["selection", "many2one"],
    supportedOptions: [
        { label: _t("Opens the customer's value"), name: "link", type: "boolean" },
        { label: _t("With severe complaints"), name: "complaints", type: "boolean" },
    ],
    // Complaints show also of customers without a class.
    isEmpty: () => false,
    extractProps: ({ decorations, options }) => ({
        decorations,
        isLink: Boolean(options.link),
        withComplaints: Boolean(options.complaints),
    }),
    fieldDependencies: ({ options }) => [
        ...(options.link ? [VALUE_DEPENDENCY] : []),
        ...(options.complaints ? [{ name: COMPLAINTS, type: "integer" }] : []),
    ],
};

registry.category("fields").add("customer_value_badge", valueBadgeField);
