import { onWillStart, useState } from "@odoo/owl";

import { ActivityMarkAsDone } from "@mail/core/web/activity_markasdone_popover";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";

/** Whoever marks a call as done may say how long it took: then it is logged as a contact with the customer. */
patch(ActivityMarkAsDone.prototype, {
    setup() {
        super.setup(...arguments);
        this.callOrm = useService("orm");
        this.call = useState({ minutes: "", canBeLogged: false });
        onWillStart(async () => {
            const { activity_category, res_model } = this.props.activity;
            this.call.canBeLogged =
                activity_category === "phonecall" &&
                Boolean(res_model) &&
                (await user.checkAccessRight("customer.contact.log", "create"));
        });
    },

    /** @returns {string} what the field for words asks for */
    get feedbackPlaceholder() {
        return this.call.canBeLogged ? _t("What did you learn?") : _t("Write Feedback");
    },

    /** Keep the minutes on the activity, which is about to be done. */
    async saveCallMinutes() {
        const minutes = parseInt(this.call.minutes, 10);
        if (minutes >= 0) {
            await this.callOrm.write("mail.activity", [this.props.activity.id], {
                call_minutes: minutes,
            });
        }
    },

    async onClickDone() {
        await this.saveCallMinutes();
        return super.onClickDone(...arguments);
    },

    async onClickDoneAndScheduleNext() {
        await this.saveCallMinutes();
        return super.onClickDoneAndScheduleNext(...arguments);
    },
});
