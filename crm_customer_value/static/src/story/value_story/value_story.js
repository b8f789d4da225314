import { Component, onMounted, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatDate, formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { daysAgo } from "../../value/days_ago/days_ago";
import { ValueChanges } from "../value_changes/value_changes";
import { ValueExplanation } from "../../value/value_explanation/value_explanation";
import { ValueHistory } from "../value_history/value_history";

/**
 * Why a value is what it is, how it went, and what changed it. The parts of the index come with
 * the record; the rest reads documents, so it is asked for once this is on the screen.
 */
export class ValueStory extends Component {
    static template = "crm_customer_value.ValueStory";
    static components = { ValueChanges, ValueExplanation, ValueHistory };
    static props = { valueId: { type: Number }, explanation: { type: Object } };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ story: null });
        onMounted(() => this.load(this.props.valueId));
        onWillUpdateProps((props) => {
            const other = props.valueId !== this.props.valueId;
            if (other || props.explanation.index !== this.props.explanation.index) {
                this.state.story = null;
                this.load(props.valueId);
            }
        });
    }

    async load(valueId) {
        this.state.story = await this.keepLast.add(
            this.orm.silent.call("customer.value", "get_story", [[valueId]])
        );
    }

    get inputs() {
        const inputs = this.state.story?.inputs || {};
        return Object.fromEntries(
            Object.entries(inputs).map(([key, { facts, comparison }]) => [
                key,
                {
                    comparison,
                    facts: facts.map((fact) => ({
                        label: fact.label,
                        text: this.format(fact),
                        open: fact.open && (() => this.open(fact.open)),
                    })),
                },
            ])
        );
    }

    /** Open what a number is made of. */
    open({ method, args }) {
        return this.action.doActionButton({
            type: "object",
            name: method,
            args: JSON.stringify(args),
            resModel: "customer.value",
            resId: this.props.valueId,
        });
    }

    get changeTitle() {
        const since = formatDate(deserializeDate(this.state.story.change.date));
        return _t("What changed since %s", since);
    }

    format({ type, value }) {
        if (value === false) {
            return "–";
        }
        if (type === "ago") {
            return daysAgo(deserializeDate(value));
        }
        if (type === "monetary") {
            return formatMonetary(value, { currencyId: this.state.story.currency_id });
        }
        const number = formatFloat(value, { digits: [16, 1], trailingZeros: false });
        return type === "days" ? _t("%s days", number) : number;
    }
}

export class ValueStoryField extends Component {
    static template = "crm_customer_value.ValueStoryField";
    static components = { ValueStory };
    static props = { ...standardFieldProps };

    get explanation() {
        return this.props.record.data[this.props.name];
    }
}

export const valueStoryField = {
    component: ValueStoryField,
    displayName: _t("Why This Value"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_value_story", valueStoryField);
