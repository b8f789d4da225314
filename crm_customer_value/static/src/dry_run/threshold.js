import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** A threshold of zero is switched off, and shows nothing. */
export class ThresholdField extends IntegerField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

/** The same with decimals, as few as there are. */
export class DecimalThresholdField extends FloatField {
    static defaultProps = { ...FloatField.defaultProps, trailingZeros: false };

    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("customer_value_threshold", {
    ...integerField,
    component: ThresholdField,
    displayName: _t("Threshold"),
    supportedTypes: ["integer"],
});
registry.category("fields").add("customer_value_decimal_threshold", {
    ...floatField,
    component: DecimalThresholdField,
    displayName: _t("Threshold with Decimals"),
    supportedTypes: ["float"],
    extractProps: (...args) => ({ ...floatField.extractProps(...args), trailingZeros: false }),
});
