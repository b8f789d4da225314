import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

// As severity is coloured on cards and in lists.
const COLORS = { critical: "#dc3545", high: "#f0ad4e", medium: "#17a2b8", low: "#adb5bd" };

/** Bars of a severity have the colour that this severity has everywhere, whatever the others are. */
export class ComplaintGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        const { fields, groupBy } = this.model.metaData;
        const position = groupBy.findIndex(({ fieldName }) => fieldName === "severity");
        if (position === 0 && groupBy.length === 1) {
            for (const dataset of data.datasets) {
                dataset.backgroundColor = dataset.trueLabels.map(
                    (label) => this.colorOf(fields, label) || dataset.backgroundColor
                );
            }
        } else if (position === 1 && groupBy.length === 2) {
            for (const dataset of data.datasets) {
                dataset.backgroundColor = this.colorOf(fields, dataset.label) || dataset.backgroundColor;
            }
        }
        return data;
    }

    /**
     * @param {Object} fields of the model
     * @param {string} label of a severity
     * @returns {string|undefined}
     */
    colorOf(fields, label) {
        const severity = fields.severity.selection.find(([, name]) => name === label);
        return severity && COLORS[severity[0]];
    }
}

registry.category("views").add("customer_complaint_graph", {
    ...graphView,
    Renderer: ComplaintGraphRenderer,
});
