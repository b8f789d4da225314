import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const LOOKS = {
    none: ["text-bg-light", "fa-minus"],
    in_time: ["text-bg-success", "fa-clock-o"],
    soon: ["text-bg-warning", "fa-hourglass-half"],
    missed: ["text-bg-danger", "fa-exclamation-triangle"],
    stopped: ["text-bg-info", "fa-pause"],
    done: ["text-bg-light", "fa-check"],
};

/**
 * @param {number} seconds any length of time, not below zero
 * @returns {string} the length in its largest unit, rounded down
 */
export function lengthOfTime(seconds) {
    if (seconds < HOUR) {
        return _t("%s min", Math.floor(seconds / MINUTE));
    }
    if (seconds < 2 * DAY) {
        return _t("%s h", Math.floor(seconds / HOUR));
    }
    return _t("%s d", Math.floor(seconds / DAY));
}

/**
 * @param {DateTime} deadline
 * @returns {string} how far away a deadline is, or how long ago it passed, by the clock on the wall
 */
export function timeLeft(deadline) {
    const seconds = Math.round(deadline.diff(DateTime.now(), "seconds").seconds);
    if (seconds >= 0) {
        return seconds < MINUTE ? _t("now") : _t("in %s", lengthOfTime(seconds));
    }
    return -seconds < MINUTE ? _t("just missed") : _t("late by %s", lengthOfTime(-seconds));
}

/** The next deadline of a complaint in a few words and a colour; the date is in the tooltip. */
export class DeadlineField extends Component {
    static template = "crm_customer_value.DeadlineField";
    static props = { ...standardFieldProps };

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    /** The clock goes on while a page is open: what has passed is missed, whatever was stored. */
    get state() {
        const { deadline_state: state } = this.props.record.data;
        return this.deadline && this.deadline < DateTime.now() ? "missed" : state;
    }

    get text() {
        if (this.deadline) {
            return timeLeft(this.deadline);
        }
        switch (this.state) {
            case "stopped":
                return _t("on hold");
            case "done":
                return this.props.record.data.is_missed ? _t("done, too late") : _t("done in time");
            default:
                return _t("no deadline");
        }
    }

    get title() {
        return [this.deadline && formatDateTime(this.deadline), this.props.record.data.deadline_note]
            .filter(Boolean)
            .join("\n");
    }

    get look() {
        const [classes, icon] = LOOKS[this.state] || LOOKS.none;
        return { classes, icon };
    }
}

export const deadlineField = {
    component: DeadlineField,
    displayName: _t("Deadline of a Complaint"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "deadline_state", type: "selection" },
        { name: "is_missed", type: "boolean" },
    ],
};

registry.category("fields").add("complaint_deadline", deadlineField);
