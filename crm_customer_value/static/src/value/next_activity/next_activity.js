import { ActivityButton } from "@mail/core/web/activity_button";
import { KanbanActivity } from "@mail/views/web/fields/kanban_activity/kanban_activity";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDate, today } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The button of activities, for those of the customer behind the record. */
class CustomerActivityButton extends ActivityButton {
    static template = "crm_customer_value.CustomerActivityButton";

    /** What to do next, or an invitation to plan something. */
    get label() {
        const { activity_ids, activity_summary, activity_type_id } = this.props.record.data;
        if (!activity_ids.records.length) {
            return _t("Schedule activity");
        }
        return activity_summary || activity_type_id?.display_name || _t("To do");
    }

    /** When: in words close to today, as a date further away. */
    get day() {
        const deadline = this.props.record.data.activity_date_deadline;
        if (!deadline) {
            return "";
        }
        const days = Math.round(deadline.diff(today(), "days").days);
        const near = new Map([
            [-1, _t("yesterday")],
            [0, _t("today")],
            [1, _t("tomorrow")],
        ]);
        return near.get(days) || formatDate(deadline);
    }

    get labelClass() {
        const states = { overdue: "text-danger", today: "text-warning-emphasis", planned: "text-success" };
        return states[this.props.record.data.activity_state] || "text-muted";
    }

    async onClick() {
        if (this.popover.isOpen) {
            this.popover.close();
            return;
        }
        const { record } = this.props;
        this.popover.open(this.buttonRef.el, {
            activityIds: record.data.activity_ids.currentIds,
            onActivityChanged: () => {
                record.load();
                this.popover.close();
            },
            resId: record.data.partner_id.id,
            resModel: "res.partner",
        });
    }
}

/** What is planned next with the customer of a record that has no activities of its own. */
export class NextActivityField extends Component {
    static template = "crm_customer_value.NextActivityField";
    static components = { CustomerActivityButton };
    static props = standardFieldProps;
}

export const nextActivityField = {
    component: NextActivityField,
    displayName: _t("Next Activity of the Customer"),
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    fieldDependencies: [
        ...KanbanActivity.fieldDependencies,
        { name: "activity_date_deadline", type: "date" },
        { name: "partner_id", type: "many2one", relation: "res.partner" },
    ],
};

registry.category("fields").add("customer_value_next_activity", nextActivityField);
