import { Component, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const INTERVAL = 2000;
const UNDER_WAY = ["queued", "running"];
const LOOKS = {
    queued: "bg-secondary",
    running: "progress-bar-striped progress-bar-animated",
    done: "bg-success",
    failed: "bg-danger",
};

/**
 * How far a recompute is. While it waits or runs, asks the server every two seconds, and
 * has the view read again whenever something moved.
 */
export class RunProgressField extends Component {
    static template = "crm_customer_value.RunProgressField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({});
        this.follow(this.props.record);
        onWillUpdateProps((props) => this.follow(props.record));
        onWillUnmount(() => this.stop());
    }

    get percent() {
        return Math.round(this.state.progress);
    }

    get look() {
        return LOOKS[this.state.state];
    }

    get underWay() {
        return UNDER_WAY.includes(this.state.state);
    }

    /** Show what the record says, and watch it as long as it is not over. */
    follow(record) {
        this.stop();
        this.state.progress = record.data[this.props.name] || 0;
        this.state.state = record.data.state;
        if (record.resId && this.underWay) {
            this.timer = browser.setTimeout(() => this.poll(record), INTERVAL);
        }
    }

    stop() {
        browser.clearTimeout(this.timer);
        this.timer = null;
    }

    async poll(record) {
        const timer = this.timer;
        let values;
        try {
            [values] = await this.orm.silent.read(record.resModel, [record.resId], ["state", this.props.name]);
        } catch {
            // The server is busy or away for a moment: ask again.
            values = this.state;
        }
        if (timer !== this.timer || !values) {
            return;
        }
        const ended = !UNDER_WAY.includes(values.state);
        const moved = values.state !== this.state.state || values[this.props.name] !== this.state.progress;
        this.state.state = values.state;
        this.state.progress = values[this.props.name] ?? this.state.progress;
        this.timer = ended ? null : browser.setTimeout(() => this.poll(record), INTERVAL);
        // A list is read again only when a run has ended, a form also for its counts.
        if (ended || (moved && record.model.root === record)) {
            await record.model.load();
        }
    }
}

export const runProgressField = {
    component: RunProgressField,
    displayName: _t("Progress of a Recompute"),
    supportedTypes: ["float"],
    isEmpty: () => false,
    fieldDependencies: [{ name: "state", type: "selection" }],
};

registry.category("fields").add("customer_value_progress", runProgressField);
