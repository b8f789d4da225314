import { Component } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { useChart } from "../../value/chart/chart";

/** What a customer gained in each month as bars: what they confirmed, and what they did not. */
export class GainMonths extends Component {
    static template = "crm_customer_value.GainMonths";
    static props = {
        months: { type: Array }, // of {month, gain, confirmed}
        currencyId: { type: Number },
    };

    setup() {
        useChart(
            () => this.config,
            () => [this.props.months]
        );
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    month({ month }) {
        return deserializeDate(month).toFormat("LLL yy");
    }

    get description() {
        const months = this.props.months.map((month) => `${this.month(month)}: ${this.money(month.gain)}`);
        return _t("Gain of the customer by month: %s", months.join(", "));
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        const color = getColor(0, scheme, "odoo");
        const ink = getCustomColor(scheme, "#374151", "#E4E4E4");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const { months } = this.props;
        return {
            type: "bar",
            data: {
                labels: months.map((month) => this.month(month)),
                datasets: [
                    {
                        label: _t("Confirmed by the customer"),
                        data: months.map(({ confirmed }) => confirmed),
                        backgroundColor: color,
                    },
                    {
                        label: _t("Not confirmed yet"),
                        data: months.map(({ gain, confirmed }) => gain - confirmed),
                        backgroundColor: hexToRGBA(color, 0.35),
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { position: "bottom", labels: { color: ink, boxWidth: 12 } },
                    tooltip: {
                        callbacks: { label: (item) => `${item.dataset.label}: ${this.money(item.raw)}` },
                    },
                },
                scales: {
                    x: {
                        stacked: true,
                        grid: { display: false },
                        ticks: { color: ink, maxRotation: 0, autoSkipPadding: 12 },
                    },
                    y: {
                        stacked: true,
                        grid: { color: grid },
                        ticks: { color: ink, maxTicksLimit: 5, callback: (amount) => this.money(amount) },
                    },
                },
            },
        };
    }
}
