import { Component } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { useChart } from "../../value/chart/chart";

const SMALLEST = 4;
const LARGEST = 16;
// As wide as this, a name has room in its quarter.
const ROOM_FOR_NAMES = 480;

/**
 * @param {number} amount of a point or a cell
 * @param {number} largest of all amounts
 * @returns {number} the radius of its circle, whose area grows with the amount
 */
export function radius(amount, largest) {
    return largest > 0 && amount > 0 ? SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(amount / largest) : SMALLEST;
}

/** All customers as points, or cells of points where there are many, with four quarters behind them. */
export class BothSidesChart extends Component {
    static template = "crm_customer_value.BothSidesChart";
    static props = {
        picture: { type: Object },
        quarters: { type: Array }, // of {key, name, color}
        openPoint: { type: Function },
        openCell: { type: Function },
        openQuarter: { type: Function },
    };

    setup() {
        useChart(
            () => this.config,
            () => [this.props.picture]
        );
    }

    get description() {
        const { picture, quarters } = this.props;
        return _t("Picture of both sides: %s", quarters.map(({ key, name }) =>
            `${name}: ${picture.quarters[key].count}`
        ).join(", "));
    }

    number(value) {
        return formatFloat(value, { digits: [16, 1] });
    }

    /** What is drawn: each item with its place and radius, and the point or cell it stands for. */
    get items() {
        const { points, cells, cell } = this.props.picture;
        if (points) {
            const largest = Math.max(0, ...points.map((point) => point[4] || 0));
            return points.map(([id, name, x, y, revenue]) => ({ x, y, r: radius(revenue, largest), id, name, revenue }));
        }
        const largest = Math.max(...cells.map(([, , count]) => count));
        return cells.map(([x, y, count]) => ({
            x: x + cell / 2,
            y: y + cell / 2,
            r: radius(count, largest),
            from: { x, y },
            count,
        }));
    }

    /** The lines of the tooltip of an item. */
    lines({ x, y, name, revenue, from, count }) {
        const { cell, currency_id: currencyId } = this.props.picture;
        if (from) {
            return [
                count === 1 ? _t("1 customer") : _t("%s customers", count),
                _t("Value to us %(from)s to %(to)s", { from: from.x, to: from.x + cell }),
                _t("Value to them %(from)s to %(to)s", { from: from.y, to: from.y + cell }),
            ];
        }
        const lines = [
            name,
            _t("Value to us %s", this.number(x)),
            _t("Value to them %s", this.number(y)),
        ];
        return revenue === false ? lines : [...lines, _t("Revenue %s", formatMonetary(revenue, { currencyId }))];
    }

    /** The quarter at a place of the picture. */
    quarterAt(x, y) {
        const { lines } = this.props.picture;
        if (x >= lines.x) {
            return y >= lines.y ? "partnership" : "leaving";
        }
        return y >= lines.y ? "give_more" : "reconsider";
    }

    onClick(event, [element], chart) {
        if (element) {
            const item = this.drawn[element.index];
            return item.from ? this.props.openCell(item.from) : this.props.openPoint(item.id);
        }
        const { left, right, top, bottom } = chart.chartArea;
        if (event.x < left || event.x > right || event.y < top || event.y > bottom) {
            return;
        }
        const { x, y } = chart.scales;
        return this.props.openQuarter(this.quarterAt(x.getValueForPixel(event.x), y.getValueForPixel(event.y)));
    }

    /** Quarters lie behind the points: their ground, their names, and the lines where they meet. */
    drawQuarters(chart, ink) {
        const { ctx, chartArea, scales } = chart;
        const { lines } = this.props.picture;
        const x = scales.x.getPixelForValue(lines.x);
        const y = scales.y.getPixelForValue(lines.y);
        const { left, right, top, bottom } = chartArea;
        const sides = { partnership: [true, true], leaving: [true, false], give_more: [false, true], reconsider: [] };
        ctx.save();
        ctx.font = "600 13px sans-serif";
        for (const { key, name, color } of this.props.quarters) {
            const [isRight, isUpper] = sides[key];
            const area = [
                isRight ? x : left,
                isUpper ? top : y,
                isRight ? right - x : x - left,
                isUpper ? y - top : bottom - y,
            ];
            ctx.fillStyle = hexToRGBA(color, 0.07);
            ctx.fillRect(...area);
            if (right - left >= ROOM_FOR_NAMES && ctx.measureText(name).width < area[2] - 16) {
                ctx.fillStyle = color;
                ctx.textAlign = isRight ? "right" : "left";
                ctx.textBaseline = isUpper ? "top" : "bottom";
                ctx.fillText(name, isRight ? right - 8 : left + 8, isUpper ? top + 8 : bottom - 8);
            }
        }
        ctx.strokeStyle = ink;
        ctx.setLineDash([4, 4]);
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, bottom);
        ctx.moveTo(left, y);
        ctx.lineTo(right, y);
        ctx.stroke();
        ctx.restore();
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        const color = getColor(0, scheme, "odoo");
        const ink = getCustomColor(scheme, "#374151", "#E4E4E4");
        const grid = getCustomColor(scheme, "#e7e9ed", "#3C3E4B");
        this.drawn = this.items;
        const scale = (text) => ({
            min: 0,
            max: 100,
            title: { display: true, text, color: ink },
            grid: { color: grid },
            ticks: { color: ink, stepSize: 25 },
        });
        return {
            type: "bubble",
            data: {
                datasets: [
                    {
                        data: this.drawn,
                        backgroundColor: hexToRGBA(color, 0.45),
                        borderColor: color,
                        hoverRadius: 2,
                        clip: false,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (...args) => this.onClick(...args),
                onHover: (event) => {
                    event.native.target.style.cursor = "pointer";
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        displayColors: false,
                        callbacks: { label: (item) => this.lines(this.drawn[item.dataIndex]) },
                    },
                },
                scales: { x: scale(_t("Value to us")), y: scale(_t("Value to them (benefit index)")) },
            },
            plugins: [{ id: "quarters", beforeDatasetsDraw: (chart) => this.drawQuarters(chart, ink) }],
        };
    }
}
