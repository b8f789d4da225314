import { Component, onPatched, useRef, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatDate, formatDateTime } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;

/**
 * Everything that happened with a customer, newest first, page by page. It is asked for when the tab opens; a form
 * that is only looked at does without.
 */
export class Timeline extends Component {
    static template = "crm_customer_value.Timeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.list = useRef("list");
        this.state = useState({ kinds: null, new: [], shown: [], entries: [], next: false, loading: false });
        // After more was loaded, the keyboard goes on where the list went on.
        this.focusOn = null;
        onPatched(() => {
            if (this.focusOn !== null && this.state.entries.length > this.focusOn) {
                const titles = this.list.el.querySelectorAll(".o_timeline_title");
                titles[this.focusOn]?.focus();
                this.focusOn = null;
            }
        });
        // A new contact has a timeline when it is saved.
        useRecordObserver((record) => {
            if (record.resId !== this.shownId) {
                this.shownId = record.resId;
                Object.assign(this.state, { kinds: null, shown: [], entries: [], next: false });
                return this.load(record);
            }
        });
    }

    async load({ resModel, resId }, after = false) {
        if (!resId) {
            return;
        }
        this.state.loading = true;
        try {
            const page = await this.keepLast.add(
                this.orm.call(resModel, "get_timeline", [[resId]], { kinds: [...this.state.shown], after })
            );
            this.state.entries = after ? [...this.state.entries, ...page.entries] : page.entries;
            this.state.next = page.next;
            if (!after) {
                this.state.kinds = page.kinds;
                this.state.new = page.new;
            }
        } finally {
            this.state.loading = false;
        }
    }

    more() {
        this.focusOn = this.state.entries.length;
        return this.load(this.props.record, this.state.next);
    }

    /** Show a kind or hide it again; without any, all are shown. */
    toggle(name) {
        const { shown } = this.state;
        this.state.shown = shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name];
        return this.load(this.props.record);
    }

    showAll() {
        this.state.shown = [];
        return this.load(this.props.record);
    }

    open(entry) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.res_model,
            res_id: entry.res_id,
            views: [[false, "form"]],
        });
    }

    /** Do as the button of the contact does, and show on the whole form what is there when its dialog is closed. */
    async add(offer) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        return this.action.doActionButton({
            type: "object",
            name: offer.action,
            resModel: record.resModel,
            resId: record.resId,
            onClose: async () => {
                await record.load();
                await this.load(record);
            },
        });
    }

    get kinds() {
        return this.state.kinds.filter((kind) => kind.count);
    }

    get total() {
        return this.state.kinds.reduce((sum, kind) => sum + kind.count, 0);
    }

    /** The entries by month, with what is still to come on top: [{ key, label, entries }]. */
    get months() {
        const months = [];
        const now = DateTime.now();
        for (const entry of this.state.entries) {
            const moment = entry.date ? deserializeDate(entry.date) : deserializeDateTime(entry.moment);
            const isAhead = moment > now;
            const key = isAhead ? "ahead" : moment.toFormat("yyyy-MM");
            if (months.at(-1)?.key !== key) {
                months.push({
                    key,
                    label: isAhead ? _t("Still to come") : moment.toFormat("MMMM yyyy"),
                    entries: [],
                });
            }
            months.at(-1).entries.push({
                ...entry,
                people: [entry.person, entry.user].filter(Boolean),
                when: entry.date ? formatDate(moment) : formatDateTime(moment, { showSeconds: false }),
            });
        }
        return months;
    }
}

registry.category("view_widgets").add("customer_timeline", { component: Timeline });
