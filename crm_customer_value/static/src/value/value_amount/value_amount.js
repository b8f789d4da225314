import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";

/** An amount that may be hidden, which a lock says, or not known, which is no zero. */
export class ValueAmountField extends MonetaryField {
    static template = "crm_customer_value.ValueAmountField";

    get isHidden() {
        return this.props.record.data.amounts_visible === false;
    }

    get isKnown() {
        return this.value !== false;
    }

    get hiddenTitle() {
        return _t(
            "Hidden: some documents belong to other salespeople. Only users who can see all documents see this amount."
        );
    }
}

export const valueAmountField = {
    ...monetaryField,
    component: ValueAmountField,
    displayName: _t("Amount of a Customer"),
    isEmpty: () => false,
    fieldDependencies: ({ options }) =>
        options.lockable ? [{ name: "amounts_visible", type: "boolean" }] : [],
    supportedOptions: [
        ...monetaryField.supportedOptions,
        { label: _t("Hidden from some users"), name: "lockable", type: "boolean" },
    ],
};

registry.category("fields").add("customer_value_amount", valueAmountField);
