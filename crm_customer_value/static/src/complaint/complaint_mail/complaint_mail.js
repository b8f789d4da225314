import { Component, useEffect } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const TICK = 10000;

/**
 * @param {DateTime} due
 * @returns {number} how many minutes are left, begun ones too; none when it goes out any moment
 */
function minutesUntil(due) {
    return Math.max(0, Math.ceil(due.diff(DateTime.now(), "minutes").minutes));
}

/**
 * @param {DateTime} due
 * @returns {string} when the e-mail of a step goes out, in a few words
 */
export function mailDue(due) {
    const minutes = minutesUntil(due);
    if (!minutes) {
        return _t("E-mail goes out now");
    }
    return minutes === 1 ? _t("E-mail in 1 minute") : _t("E-mail in %s minutes", minutes);
}

/**
 * @param {Object} data of a complaint whose e-mail waits
 * @returns {string} who gets it, about what and when, as a sentence
 */
export function waitingMail({ told_address: address, mail_stage_id: stage, mail_due: due }) {
    const minutes = minutesUntil(due);
    const values = { address, step: stage.display_name, minutes };
    if (!minutes) {
        return _t("%(address)s gets an e-mail about “%(step)s” now.", values);
    }
    if (minutes === 1) {
        return _t("%(address)s gets an e-mail about “%(step)s” in 1 minute.", values);
    }
    return _t("%(address)s gets an e-mail about “%(step)s” in %(minutes)s minutes.", values);
}

/** The e-mail of a complaint that waits: when it goes out, and to whom in the tooltip. The clock goes on. */
export class ComplaintMailField extends Component {
    static template = "crm_customer_value.ComplaintMailField";
    static props = { ...standardFieldProps };

    setup() {
        useEffect(
            (waits) => {
                if (waits) {
                    const timer = browser.setInterval(() => this.render(), TICK);
                    return () => browser.clearInterval(timer);
                }
            },
            () => [Boolean(this.due)]
        );
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return mailDue(this.due);
    }

    get title() {
        return `${waitingMail(this.props.record.data)}\n${formatDateTime(this.due)}`;
    }
}

export const complaintMailField = {
    component: ComplaintMailField,
    displayName: _t("E-mail of a Complaint that Waits"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "told_address", type: "char" },
        { name: "mail_stage_id", type: "many2one" },
    ],
};

registry.category("fields").add("complaint_mail", complaintMailField);

/** An envelope on cards whose move tells the customer by e-mail; its tooltip says whom. */
export class ComplaintToldField extends Component {
    static template = "crm_customer_value.ComplaintToldField";
    static props = { ...standardFieldProps };

    get title() {
        return _t("Moving this card tells %s by e-mail", this.props.record.data[this.props.name]);
    }
}

export const complaintToldField = {
    component: ComplaintToldField,
    displayName: _t("Who Is Told"),
    supportedTypes: ["char"],
};

registry.category("fields").add("complaint_told", complaintToldField);
