import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatDate } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/**
 * @param {DateTime} date
 * @returns {string} how long ago a day was, counted in days however long ago it was
 */
export function daysAgo(date) {
    const days = Math.round(DateTime.local().startOf("day").diff(date.startOf("day"), "days").days);
    if (days < 0) {
        return formatDate(date);
    }
    if (days === 0) {
        return _t("today");
    }
    return days === 1 ? _t("yesterday") : _t("%s days ago", days);
}

/** A day in the past, told by how long ago it was; the date itself is in the tooltip. */
export class DaysAgoField extends Component {
    static template = "crm_customer_value.DaysAgoField";
    static props = { ...standardFieldProps };

    get date() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return daysAgo(this.date);
    }

    get title() {
        return formatDate(this.date);
    }
}

export const daysAgoField = {
    component: DaysAgoField,
    displayName: _t("Days Ago"),
    supportedTypes: ["date"],
};

registry.category("fields").add("customer_value_days_ago", daysAgoField);
