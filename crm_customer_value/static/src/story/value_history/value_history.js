import { Component } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatDate, formatFloat } from "@web/views/fields/formatters";
import { useChart } from "../../value/chart/chart";

/**
 * @param {Object[]} points month ends in order, and maybe today
 * @returns {Array} the same with an empty place for each month that was not kept, because
 *  nothing changed in it: the line must not be steeper than the time it takes
 */
export function withGaps(points) {
    const spaced = [];
    for (const point of points) {
        const day = deserializeDate(point.date);
        let last = spaced.at(-1)?.day;
        // A point of today lies in the month after the last month end.
        while (last && day.startOf("month").diff(last.startOf("month"), "months").months > 1) {
            last = last.startOf("month").plus({ months: 1 });
            spaced.push({ day: last, value: null });
        }
        spaced.push({ day, value: point.index, point });
    }
    return spaced;
}

/** The value index at each month end as a line, ending with the index of today. */
export class ValueHistory extends Component {
    static template = "crm_customer_value.ValueHistory";
    static props = { points: { type: Array } };

    setup() {
        useChart(
            () => this.props.points.length && this.config(this.props.points),
            () => [this.props.points]
        );
    }

    get description() {
        const points = this.props.points.map((point) => `${this.title(point)}: ${this.number(point.index)}`);
        return _t("Value index over time: %s", points.join(", "));
    }

    title(point) {
        const date = formatDate(deserializeDate(point.date));
        return point.now ? _t("Now (%s)", date) : date;
    }

    number(index) {
        return formatFloat(index, { digits: [16, 1] });
    }

    config(points) {
        const scheme = cookie.get("color_scheme");
        const line = getColor(0, scheme, "odoo");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const ink = getCustomColor(scheme, "#374151", "#E4E4E4");
        const places = withGaps(points);
        const point = (item) => places[item.dataIndex].point;
        return {
            type: "line",
            data: {
                labels: places.map(({ day }) => day.toFormat("LLL yy")),
                datasets: [
                    {
                        data: places.map(({ value }) => value),
                        borderColor: line,
                        backgroundColor: hexToRGBA(line, 0.12),
                        pointBackgroundColor: line,
                        pointRadius: 3,
                        pointHoverRadius: 6,
                        borderWidth: 2,
                        fill: "start",
                        spanGaps: true,
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                interaction: { mode: "nearest", axis: "x", intersect: false },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        displayColors: false,
                        callbacks: {
                            title: ([item]) => this.title(point(item)),
                            label: (item) => _t("Value index %s", this.number(point(item).index)),
                            afterLabel: (item) =>
                                point(item).details.map(({ label, text }) =>
                                    _t("%(label)s: %(text)s", { label, text })
                                ),
                        },
                    },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { color: ink, maxRotation: 0, autoSkipPadding: 12 } },
                    y: { min: 0, max: 100, grid: { color: grid }, ticks: { color: ink, stepSize: 25 } },
                },
            },
        };
    }
}
