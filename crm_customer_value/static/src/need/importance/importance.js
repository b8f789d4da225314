import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LEVELS = {
    1: _t("A wish"),
    2: _t("Useful"),
    3: _t("Matters"),
    4: _t("Matters a lot"),
    5: _t("Decides whether they buy"),
};
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** How much a need matters to a customer: five stars, for the mouse, a finger and the keyboard. */
export class ImportanceField extends Component {
    static template = "crm_customer_value.ImportanceField";
    static props = { ...standardFieldProps, withText: { type: Boolean, optional: true } };
    static defaultProps = { withText: false };

    setup() {
        this.root = useRef("root");
        this.state = useState({ pointed: 0 });
    }

    get levels() {
        return Object.keys(LEVELS).map(Number);
    }

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    /** What is shown: the level under the mouse, or the one that is set. */
    get shown() {
        return this.state.pointed || this.value;
    }

    /**
     * @param {number} level
     * @returns {string} what a level means
     */
    label(level) {
        return LEVELS[level] ? _t("%(level)s of 5: %(meaning)s", { level, meaning: LEVELS[level] }) : "";
    }

    get meaning() {
        return LEVELS[this.shown] || "";
    }

    get name() {
        return this.props.record.fields[this.props.name].string;
    }

    /**
     * @param {number} level
     */
    async choose(level) {
        // A finger does not leave the star again.
        this.state.pointed = 0;
        await this.props.record.update({ [this.props.name]: level });
    }

    /**
     * The keys of a group of radio buttons: arrows go to the neighbour, digits and Home and End to a level.
     *
     * @param {KeyboardEvent} ev
     */
    async onKeydown(ev) {
        const last = this.levels.length;
        let level = Number(ev.key);
        if (ev.key in STEPS) {
            level = Math.min(Math.max(this.value + STEPS[ev.key], 1), last);
        } else if (ev.key === "Home" || ev.key === "End") {
            level = ev.key === "Home" ? 1 : last;
        } else if (ev.key === " ") {
            level = Number(ev.target.dataset.level);
        }
        if (!this.levels.includes(level) || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        await this.choose(level);
        this.root.el?.querySelector(`[data-level="${level}"]`)?.focus();
    }
}

export const importanceField = {
    component: ImportanceField,
    displayName: _t("Importance"),
    supportedTypes: ["integer"],
    supportedOptions: [{ label: _t("Say what it means"), name: "text", type: "boolean" }],
    extractProps: ({ options }) => ({ withText: Boolean(options.text) }),
};

registry.category("fields").add("customer_need_importance", importanceField);
