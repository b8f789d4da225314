import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { GraphModel, SEQUENTIAL_TYPES } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Bars in falling order, and a line of the share that those up to here have in the whole. */
export class ParetoModel extends GraphModel {
    /** The few that matter stand first, unless somebody asks for another order, or time runs along. */
    _buildMetaData(params) {
        const metaData = super._buildMetaData(params);
        if (!params && !("graph_order" in this.searchParams.context)) {
            metaData.order = this.isTimeline(metaData) ? null : "DESC";
        }
        return metaData;
    }

    isTimeline({ groupBy, fields }) {
        return Boolean(groupBy.length) && SEQUENTIAL_TYPES.includes(fields[groupBy[0].fieldName]?.type);
    }

    /** Called for bars only. Negative amounts have no share, so then there is no line. */
    _getLineOverlayDataset() {
        const { datasets } = this.data;
        const points = this.dataPoints.map((point) => point.value);
        const total = points.reduce((sum, value) => sum + value, 0);
        if (
            !datasets.length ||
            this.metaData.order !== "DESC" ||
            this.isTimeline(this.metaData) ||
            total <= 0 ||
            points.some((value) => value < 0)
        ) {
            return null;
        }
        let sum = 0;
        const shares = datasets[0].data.map((_value, index) => {
            sum += datasets.reduce((bar, dataset) => bar + dataset.data[index], 0);
            return sum / total;
        });
        return {
            label: _t("Cumulative share"),
            data: shares,
            trueLabels: datasets[0].trueLabels,
            yAxisID: "share",
            clip: false, // the last point stands on the upper edge
        };
    }
}

export class ParetoRenderer extends GraphRenderer {
    /** The share has an axis of its own, from nothing to everything. */
    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (this.model.metaData.mode === "bar" && this.model.lineOverlayDataset) {
            scales.y.stacked = true;
            scales.x.stacked = true;
            scales.share = {
                ...scales.y,
                stacked: false,
                position: "right",
                min: 0,
                max: 1,
                title: {},
                grid: { display: false },
                ticks: { ...scales.y.ticks, callback: (value) => formatPercentage(value) },
            };
        }
        return scales;
    }

    /** A point of the line is a share, not an amount. */
    getTooltipItems(data, metaData, tooltipModel) {
        const isBar = (point) => point.datasetIndex < data.datasets.length;
        const bars = tooltipModel.dataPoints.filter(isBar);
        const items = super.getTooltipItems(data, metaData, { dataPoints: bars });
        const line = this.model.lineOverlayDataset;
        for (const { dataIndex } of tooltipModel.dataPoints.filter((point) => !isBar(point))) {
            items.push({
                label: _t("Up to %(name)s", { name: line.trueLabels[dataIndex] }),
                value: formatPercentage(line.data[dataIndex]),
                boxColor: line.backgroundColor,
            });
        }
        return items;
    }
}

registry.category("views").add("customer_complaint_pareto", {
    ...graphView,
    Model: ParetoModel,
    Renderer: ParetoRenderer,
});
