import { onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/**
 * Draw a chart on the canvas with the reference "canvas", and draw it again when what it shows changes.
 *
 * @param {Function} config returns the configuration for Chart.js, or nothing where there is nothing to draw
 * @param {Function} dependencies returns what the chart shows, as for ``useEffect``
 */
export function useChart(config, dependencies) {
    const canvas = useRef("canvas");
    onWillStart(() => loadBundle("web.chartjs_lib"));
    useEffect(() => {
        const found = config();
        const chart = found ? new Chart(canvas.el, found) : null;
        return () => chart?.destroy();
    }, dependencies);
}
