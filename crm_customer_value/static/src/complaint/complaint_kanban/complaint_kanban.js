import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

import { waitingMail } from "../complaint_mail/complaint_mail";

// Long enough to read whom it tells, and to stop it: in a folded column the card is out of sight.
const SHOWN_FOR = 10000;

export class ComplaintKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    /** A card that moved may tell the customer: say so before it happens, with a way to stop it. */
    async sortRecordDrop(recordId, groupId, params) {
        const record = this.props.list.records.find(({ id }) => id === recordId);
        const before = record?.data.mail_stage_id.id;
        await super.sortRecordDrop(recordId, groupId, params);
        const waits = record?.data.mail_stage_id.id;
        if (waits && waits !== before) {
            this.tellWaitingMail(record);
        }
    }

    tellWaitingMail(record) {
        const close = this.notification.add(waitingMail(record.data), {
            type: "info",
            autocloseDelay: SHOWN_FOR,
            buttons: [
                {
                    name: _t("Do Not Send"),
                    onClick: async () => {
                        close();
                        await this.orm.call(record.resModel, "action_drop_waiting_mail", [[record.resId]]);
                        await record.load();
                    },
                },
            ],
        });
    }
}

registry.category("views").add("customer_complaint_kanban", { ...kanbanView, Renderer: ComplaintKanbanRenderer });
