import { Component, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatDate, formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ValueRing } from "../../value/value_ring/value_ring";
import { GainMonths } from "../gain_months/gain_months";

const NEED_COLORS = {
    open: "warning",
    partly: "info",
    met: "success",
    overcome: "success",
    not_for_us: "secondary",
};
const GOAL_COLORS = {
    proposed: "info",
    not_measured: "secondary",
    on_track: "success",
    behind: "warning",
    reached: "success",
    missed: "danger",
};

/**
 * The customer's side of a value: needs, goals, gain by month, and what they could still gain. It is asked for when
 * the tab opens, in one call; a form that is only looked at does without.
 */
export class TheirSide extends Component {
    static template = "crm_customer_value.TheirSide";
    static components = { GainMonths, ValueRing };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ side: null });
        // A new contact has a side when it is saved.
        useRecordObserver((record) => {
            if (record.resId !== this.shownId) {
                this.shownId = record.resId;
                this.state.side = null;
                return this.load(record);
            }
        });
    }

    async load({ resModel, resId }) {
        if (resId) {
            this.state.side = await this.keepLast.add(this.orm.call(resModel, "get_benefit_side", [[resId]]));
        }
    }

    /** Open a form in a dialog, and show what changed when it is closed. */
    async edit(model, name, resId = false, context = {}) {
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name,
                res_model: model,
                res_id: resId,
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_partner_id: this.state.side.partner_id,
                    default_company_id: this.state.side.company_id,
                    ...context,
                },
            },
            { onClose: () => this.load(this.props.record) }
        );
    }

    need(resId) {
        return this.edit("customer.need", _t("Need"), resId);
    }

    goal(resId) {
        return this.edit("customer.benefit.goal", _t("Goal"), resId);
    }

    measure() {
        return this.edit("customer.benefit.record", _t("Measurement"));
    }

    list(model, name) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["company_id", "=", this.state.side.company_id],
                ["commercial_partner_id", "=", this.state.side.partner_id],
            ],
            context: { default_partner_id: this.state.side.partner_id },
        });
    }

    allNeeds() {
        return this.list("customer.need", _t("Needs"));
    }

    allGoals() {
        return this.list("customer.benefit.goal", _t("Goals"));
    }

    allRecords() {
        return this.list("customer.benefit.record", _t("Measurements"));
    }

    async makeGoal(advice) {
        const action = await this.orm.call("res.partner", "action_new_benefit_goal", [
            [this.state.side.partner_id],
            advice.metric_id,
        ]);
        await this.action.doAction(action, { onClose: () => this.load(this.props.record) });
    }

    get needs() {
        return this.state.side.needs.rows.map((need) => ({
            ...need,
            color: NEED_COLORS[need.state],
            stars: _t("Importance: %s of 5", need.importance),
        }));
    }

    get goals() {
        return this.state.side.goals.rows.map((goal) => {
            const known = goal.progress !== false;
            return {
                ...goal,
                color: GOAL_COLORS[goal.state],
                width: known ? Math.min(Math.max(goal.progress, 0), 100) : 0,
                until: _t("until %s", formatDate(deserializeDate(goal.date_target))),
                description: known
                    ? _t("%(name)s: %(percent)s % of the way", { name: goal.name, percent: Math.round(goal.progress) })
                    : _t("%s: not measured yet", goal.name),
            };
        });
    }

    /** The numbers of this side that are known and may be seen: each with its name. */
    get numbers() {
        const { numbers } = this.state.side;
        const whole = (name) => formatFloat(numbers[name], { digits: [16, 0] });
        const score = (name) => _t("%s of 100", whole(name));
        const known = (name) => numbers && numbers[name] !== false;
        return [
            known("shown_benefit_gain_12m") && {
                name: "gain",
                label: _t("Gain, 12 months"),
                text: this.money(numbers.shown_benefit_gain_12m),
            },
            known("shown_benefit_ratio") && {
                name: "ratio",
                label: _t("Gain for each 1 paid"),
                text: formatFloat(numbers.shown_benefit_ratio, { digits: [16, 2] }),
            },
            known("shown_economic_score") && {
                name: "economic",
                label: _t("Economic"),
                text: score("shown_economic_score"),
            },
            known("shown_functional_score") && {
                name: "functional",
                label: _t("Functional"),
                text: score("shown_functional_score"),
            },
            known("emotional_score") && { name: "emotional", label: _t("Emotional"), text: score("emotional_score") },
            known("value_delivered") && {
                name: "delivered",
                label: _t("Value delivered"),
                text: _t("%s %", whole("value_delivered")),
            },
        ].filter(Boolean);
    }

    get hasIndex() {
        const { numbers } = this.state.side;
        return Boolean(numbers) && numbers.benefit_index !== false;
    }

    /** Why there may be more than what is shown. */
    get colleague() {
        const { colleague } = this.state.side;
        return colleague && _t("%s looks after this customer. You may not see everything here.", colleague);
    }

    /** How sure these numbers are, in words, where something was measured. */
    get sureness() {
        const { numbers } = this.state.side;
        if (!numbers?.benefit_record_count) {
            return "";
        }
        const texts = [];
        if (numbers.benefit_record_count < 3) {
            texts.push(_t("Few data: %s measurements.", numbers.benefit_record_count));
        }
        if (numbers.benefit_confirmed_share !== false) {
            texts.push(_t("%s % of the gain is confirmed by the customer.", Math.round(numbers.benefit_confirmed_share)));
        }
        return texts.join(" ");
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.side.currency_id });
    }
}

registry.category("view_widgets").add("customer_their_side", { component: TheirSide });
