import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardViewProps } from "@web/views/standard_view_props";
import { BothSidesChart } from "./both_sides_chart";

const SETTING = "customer_sides_lines";
const LIMITS = { x: "customer_sides_us", y: "customer_sides_them" };

/**
 * What customers are worth to us, against what we are worth to them. The chosen customers are counted by the server,
 * with the rights of the user; a click opens a customer or those of a quarter, and so does the table next to it.
 */
export class BothSidesController extends Component {
    static template = "crm_customer_value.BothSides";
    static components = { BothSidesChart, CogMenu, Layout, SearchBar };
    static props = { ...standardViewProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.searchBarToggler = useSearchBarToggler();
        this.state = useState({ picture: null, lines: user.settings?.[SETTING] || "median" });
        useSetupAction({ rootRef: useRef("root") });
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps(({ domain }) => this.load(domain));
    }

    async load(domain) {
        const picture = await this.keepLast.add(
            this.orm.call("customer.value", "get_both_sides", [[], domain, this.state.lines])
        );
        this.state.picture = picture;
    }

    async setLines(lines) {
        if (lines !== this.state.lines) {
            this.state.lines = lines;
            await Promise.all([this.load(this.props.domain), user.setUserSettings(SETTING, lines)]);
        }
    }

    /** Move the limit of one side; what is not a number from 0 to 100 changes nothing. */
    async setLimit(axis, { target }) {
        const limit = Math.round(target.valueAsNumber);
        if (limit >= 0 && limit <= 100) {
            await user.setUserSettings(LIMITS[axis], limit);
            await this.load(this.props.domain);
        }
        target.value = this.state.picture.lines[axis];
    }

    get quarters() {
        return [
            {
                key: "partnership",
                name: _t("Partnership"),
                color: "#1f8a5b",
                advice: _t("Both gain much. Keep it so, and ask them to recommend you."),
            },
            {
                key: "leaving",
                name: _t("At Risk of Leaving"),
                color: "#c0392b",
                advice: _t("They bring much and gain little. Find out what they need, before they look elsewhere."),
            },
            {
                key: "give_more",
                name: _t("Could Give More"),
                color: "#2471a3",
                advice: _t("They gain much and bring little. Offer them more."),
            },
            {
                key: "reconsider",
                name: _t("Reconsider"),
                color: "#8a6d3b",
                advice: _t("Neither side gains much. Help them, or serve them at lower cost."),
            },
        ];
    }

    get rows() {
        const { quarters, currency_id: currencyId } = this.state.picture;
        return this.quarters.map((quarter) => {
            const { count, revenue } = quarters[quarter.key];
            return {
                ...quarter,
                count,
                revenue: revenue === false ? "–" : formatMonetary(revenue, { currencyId, humanReadable: true }),
            };
        });
    }

    get limits() {
        const { x, y } = this.state.picture.lines;
        const number = (value) => formatFloat(value, { digits: [16, 1] });
        return _t("Quarters meet at %(us)s to us and %(them)s to them.", { us: number(x), them: number(y) });
    }

    /** Whether somebody chose among the customers, so that others might be there to show. */
    get isFiltered() {
        return this.props.domain.length > 0;
    }

    openList(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "customer.value",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: Domain.and([this.props.domain, [["company_id", "=", user.activeCompany.id]], domain]).toList(),
        });
    }

    openPoint(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.value",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Cells hold their lower edges; those at 100 hold both. */
    openCell({ x, y }) {
        const { cell } = this.state.picture;
        const within = (field, from) => [
            [field, ">=", from],
            from + cell < 100 ? [field, "<", from + cell] : [field, "<=", 100],
        ];
        return this.openList(_t("Both Sides"), [...within("value_to_us", x), ...within("benefit_index", y)]);
    }

    openQuarter(key) {
        const { lines } = this.state.picture;
        const isRight = key === "partnership" || key === "leaving";
        const isUpper = key === "partnership" || key === "give_more";
        const { name } = this.quarters.find((quarter) => quarter.key === key);
        return this.openList(name, [
            ["value_to_us", isRight ? ">=" : "<", lines.x],
            ["benefit_index", isUpper ? ">=" : "<", lines.y],
        ]);
    }

    /** Who lacks one of the sides is not in the picture. */
    openWithout() {
        return this.openList(_t("One side not known"), [
            "|",
            ["value_to_us", "=", false],
            ["benefit_index", "=", false],
        ]);
    }
}

registry.category("views").add("customer_both_sides", {
    type: "graph",
    Controller: BothSidesController,
    searchMenuTypes: ["filter", "favorite"],
});
