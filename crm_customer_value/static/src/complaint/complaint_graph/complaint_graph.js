import { hexToRGBA } from "@web/core/colors/colors";
import { registry } from "@web/core/registry";
import { SEP } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

// As on cards, in lists and in the calendar.
const COLORS = {
    severity: { critical: "#dc3545", high: "#f0ad4e", medium: "#17a2b8", low: "#adb5bd" },
    deadline_state: {
        missed: "#dc3545",
        soon: "#f0ad4e",
        in_time: "#28a745",
        stopped: "#17a2b8",
        done: "#adb5bd",
        none: "#ced4da",
    },
};

/** A severity, or where the deadline stands, has the colour in bars, lines and pies that it has everywhere. */
export class ComplaintGraphRenderer extends GraphRenderer {
    /**
     * @param {number} position of the grouping whose values are drawn one beside the other
     * @param {number} count of groupings, so that a drawn value is one of this field alone
     * @returns {Object|undefined} the colour of each label, if the grouping has colours
     */
    getColors(position, count) {
        const { fields, groupBy } = this.model.metaData;
        const name = groupBy.length === count && groupBy[position].fieldName;
        const colors = COLORS[name];
        return colors && Object.fromEntries(fields[name].selection.map(([key, label]) => [label, colors[key]]));
    }

    getBarChartData() {
        const data = super.getBarChartData();
        const ofBars = this.getColors(0, 1);
        const ofSeries = this.getColors(1, 2);
        for (const dataset of data.datasets.filter(({ type }) => type !== "line")) {
            const color = dataset.backgroundColor;
            if (ofBars) {
                dataset.backgroundColor = dataset.trueLabels.map((label) => ofBars[label] || color);
            } else if (ofSeries) {
                dataset.backgroundColor = ofSeries[dataset.label] || color;
            }
        }
        return data;
    }

    getLineChartData() {
        const data = super.getLineChartData();
        const ofSeries = this.getColors(1, 2);
        for (const dataset of data.datasets) {
            const color = ofSeries?.[dataset.label];
            if (color) {
                Object.assign(dataset, {
                    backgroundColor: hexToRGBA(color, 0.5),
                    borderColor: color,
                    hoverBackgroundColor: color,
                    pointBackgroundColor: color,
                });
            }
        }
        return data;
    }

    /**
     * @param {string} label of a part of a pie: the names of all its groups
     * @returns {string|undefined} its colour, if it is of one severity, or of one standing of the deadline
     */
    getPartColor(label) {
        const ofParts = this.getColors(0, 1);
        const ofLast = Object.entries(this.getColors(1, 2) || {});
        return ofParts?.[label] || ofLast.find(([name]) => label.endsWith(`${SEP}${name}`))?.[1];
    }

    getPieChartData() {
        const data = super.getPieChartData();
        for (const dataset of data.datasets) {
            const colors = dataset.backgroundColor.map((color, index) => this.getPartColor(data.labels[index]) || color);
            Object.assign(dataset, { backgroundColor: colors, hoverBackgroundColor: colors });
        }
        return data;
    }

    /** The legend of a pie chooses colours of its own. */
    getLegendOptions() {
        const options = super.getLegendOptions();
        if (this.model.metaData.mode === "pie") {
            const { generateLabels } = options.labels;
            options.labels.generateLabels = (chart) =>
                generateLabels(chart).map((label) => ({
                    ...label,
                    fillStyle: this.getPartColor(label.fullText) || label.fillStyle,
                }));
        }
        return options;
    }
}

registry.category("views").add("customer_complaint_graph", {
    ...graphView,
    Renderer: ComplaintGraphRenderer,
});
