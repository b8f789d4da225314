import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useValueLink, VALUE_DEPENDENCY } from "../value_link/value_link";

// The circle is drawn in a box of 36 by 36 whatever its size on the screen.
const RADIUS = 15.5;
const CIRCUMFERENCE = 2 * Math.PI * RADIUS;
// Smaller rings have no room for two lines.
const ROOM_FOR_SCALE = 48;
const HEALTH_COLORS = { good: "success", neutral: "secondary", risk: "warning", gone: "danger" };

/**
 * An index from 0 to 100 as a ring that is filled as far as the index says. Its colour is that of the
 * customer's health: a high index is no good sign of somebody who is about to be lost.
 */
export class ValueRing extends Component {
    static template = "crm_customer_value.ValueRing";
    static props = {
        value: { type: Number },
        label: { type: String, optional: true },
        size: { type: Number, optional: true },
        health: { type: [String, Boolean], optional: true },
    };
    static defaultProps = { label: "", size: 64, health: false };

    get share() {
        return Math.min(Math.max(this.props.value, 0), 100) / 100;
    }

    get dashes() {
        const filled = this.share * CIRCUMFERENCE;
        return `${filled} ${CIRCUMFERENCE - filled}`;
    }

    get level() {
        return HEALTH_COLORS[this.props.health] || "info";
    }

    get hasScale() {
        return this.props.size >= ROOM_FOR_SCALE;
    }

    get text() {
        return formatFloat(this.props.value, { digits: [16, 1] });
    }

    get description() {
        return _t("%(label)s: %(value)s of 100", { label: this.props.label, value: this.text });
    }
}

export class ValueRingField extends Component {
    static template = "crm_customer_value.ValueRingField";
    static components = { ValueRing };
    static props = {
        ...standardFieldProps,
        size: { type: Number, optional: true },
        isLink: { type: Boolean, optional: true },
        isPlain: { type: Boolean, optional: true },
    };
    static defaultProps = { size: 64 };

    setup() {
        this.link = useValueLink(() => this.props.record);
    }

    get isLinked() {
        return this.props.isLink && Boolean(this.link.id);
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** A value that is not known is no ring at zero. */
    get isKnown() {
        return this.value !== false;
    }

    /** How the customer is, where the view knows it and the index says something of it. */
    get health() {
        return !this.props.isPlain && this.props.record.data.lifecycle_health;
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }
}

export const valueRingField = {
    component: ValueRingField,
    displayName: _t("Ring"),
    supportedTypes: ["float", "integer"],
    supportedOptions: [
        { label: _t("Size in pixels"), name: "size", type: "number" },
        { label: _t("Opens the customer's value"), name: "link", type: "boolean" },
        { label: _t("Without the colour of the stage"), name: "plain", type: "boolean" },
    ],
    isEmpty: () => false,
    extractProps: ({ options }) => ({
        size: options.size,
        isLink: Boolean(options.link),
        isPlain: Boolean(options.plain),
    }),
    fieldDependencies: ({ options }) => (options.link ? [VALUE_DEPENDENCY] : []),
};

registry.category("fields").add("customer_value_ring", valueRingField);
