import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { formatFloat } from "@web/views/fields/formatters";
import { standardViewProps } from "@web/views/standard_view_props";

const ROWS = 10;
const ASKED = [["state", "in", ["asked", "answered", "expired"]]];

/**
 * What all answers say: the score of each scale and subject, how sure it is, who answers, and how it changed. Counted by
 * the server, with the rights of the user; each number opens the questions that it is made of.
 */
export class FeedbackResultsController extends Component {
    static template = "crm_customer_value.FeedbackResults";
    static components = { CogMenu, Layout, SearchBar };
    static props = { ...standardViewProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.searchBarToggler = useSearchBarToggler();
        this.state = useState({ found: null, group: "team_id", all: {} });
        useSetupAction({ rootRef: useRef("root") });
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps(({ domain }) => this.load(domain));
    }

    async load(domain) {
        this.state.found = await this.keepLast.add(
            this.orm.call("customer.feedback", "get_feedback_results", [[], domain, this.state.group])
        );
    }

    async setGroup(ev) {
        this.state.group = ev.target.value;
        this.state.all = {};
        await this.load(this.props.domain);
    }

    get isFiltered() {
        return this.props.domain.length > 0;
    }

    number(value, digits = 0) {
        return value === false ? "–" : formatFloat(value, { digits: [16, digits] });
    }

    percent(value) {
        return value === false ? "–" : _t("%s %", this.number(value));
    }

    /** The score with its unit: the Net Promoter Score has none, the others are a share. */
    score(result, value) {
        return result.scale === "nps" ? this.number(value) : this.percent(value);
    }

    scoreName({ scale }) {
        return {
            nps: _t("Net Promoter Score (−100 to 100)"),
            csat: _t("Satisfied: 4 or 5 of 5"),
            effort: _t("Easy: 5 to 7 of 7"),
        }[scale];
    }

    meanName({ scale, all }) {
        if (all.mean === false || scale === "nps") {
            return "";
        }
        const mean = this.number(all.mean, 2);
        return scale === "csat" ? _t("On average %s of 5", mean) : _t("On average %s of 7", mean);
    }

    range(result, numbers) {
        if (numbers.low === false) {
            return _t("No answers yet");
        }
        const ends = { low: this.score(result, numbers.low), high: this.score(result, numbers.high) };
        return numbers.few
            ? _t("Too few to say: between %(low)s and %(high)s", ends)
            : _t("Between %(low)s and %(high)s, with 95 % confidence", ends);
    }

    /** Where a score lies on its scale, in percent. */
    place({ scale }, value) {
        return scale === "nps" ? (value + 100) / 2 : value;
    }

    /** Where an interval lies on a bar from left to right. */
    bar(result, { low, high, score }) {
        const [from, to] = [this.place(result, low), this.place(result, high)];
        return {
            range: `inset-inline-start: ${from}%; width: ${Math.max(to - from, 1)}%`,
            score: `inset-inline-start: ${this.place(result, score)}%`,
        };
    }

    /** And on one from bottom to top. */
    column(result, { low, high, score }) {
        const [from, to] = [this.place(result, low), this.place(result, high)];
        return {
            range: `bottom: ${from}%; height: ${Math.max(to - from, 1)}%`,
            score: `bottom: ${this.place(result, score)}%`,
        };
    }

    trendText({ trend }) {
        return {
            up: _t("Better than three months ago"),
            down: _t("Worse than three months ago"),
            same: _t("No clear change in three months"),
        }[trend];
    }

    trendIcon({ trend }) {
        return {
            up: "fa-arrow-up text-success",
            down: "fa-arrow-down text-danger",
            same: "fa-arrows-h text-muted",
        }[trend];
    }

    month({ month }) {
        return deserializeDate(month).toFormat("LLL");
    }

    monthText(result, month) {
        const name = deserializeDate(month.month).toFormat("LLLL yyyy");
        return `${name}: ${this.score(result, month.score)} (${this.answers(month)}). ${this.range(result, month)}`;
    }

    answers({ count }) {
        return count === 1 ? _t("1 answer") : _t("%s answers", count);
    }

    rows(result) {
        return this.state.all[this.key(result)] ? result.rows : result.rows.slice(0, ROWS);
    }

    hidden(result) {
        return result.rows.length - this.rows(result).length;
    }

    key({ scale, about }) {
        return `${scale},${about}`;
    }

    showAll(result) {
        this.state.all[this.key(result)] = true;
    }

    open(result, name, ...domains) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "customer.feedback",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: Domain.and([
                this.props.domain,
                ASKED,
                [
                    ["scale", "=", result.scale],
                    ["about", "=", result.about],
                ],
                ...domains,
            ]).toList(),
        });
    }

    openAsked(result) {
        return this.open(result, _t("Asked"));
    }

    openMood(result, mood) {
        const name = { good: _t("Happy"), middling: _t("In Between"), bad: _t("Unhappy") }[mood];
        return this.open(result, name, [["mood", "=", mood]]);
    }

    openRow(result, row) {
        return this.open(result, row.name, [[this.state.found.group, "=", row.id]]);
    }

    openMonth(result, { month }) {
        const start = deserializeDate(month);
        return this.open(result, start.toFormat("LLLL yyyy"), [
            ["date_asked", ">=", start.toISODate()],
            ["date_asked", "<", start.plus({ months: 1 }).toISODate()],
        ]);
    }

    openRules() {
        return this.action.doAction("crm_customer_value.customer_feedback_rule_action");
    }
}

registry.category("views").add("customer_feedback_results", {
    type: "graph",
    Controller: FeedbackResultsController,
    searchMenuTypes: ["filter", "favorite"],
});
