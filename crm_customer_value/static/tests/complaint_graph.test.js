import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, patchWithCleanup } from "@web/../tests/web_test_helpers";

import { ComplaintGraphRenderer } from "@crm_customer_value/complaint_graph/complaint_graph";

class Complaint extends models.Model {
    _name = "customer.complaint";

    severity = fields.Selection({
        selection: [
            ["low", "Low"],
            ["medium", "Medium"],
            ["high", "High"],
            ["critical", "Critical"],
        ],
    });
    product = fields.Char();

    _records = [
        { id: 1, severity: "critical", product: "Desk" },
        { id: 2, severity: "low", product: "Desk" },
        { id: 3, severity: "high", product: "Chair" },
    ];
}

defineMailModels();
defineModels([Complaint]);

/** Mount a graph and return its chart. */
async function mountGraph(arch) {
    let renderer;
    patchWithCleanup(ComplaintGraphRenderer.prototype, {
        setup() {
            super.setup();
            renderer = this;
        },
    });
    await mountView({
        type: "graph",
        resModel: "customer.complaint",
        arch: `<graph js_class="customer_complaint_graph" type="bar">${arch}</graph>`,
    });
    return renderer.chart;
}

test("each severity has its colour within the bars", async () => {
    const chart = await mountGraph(`<field name="product"/><field name="severity"/>`);
    const bars = chart.data.datasets.filter((dataset) => dataset.type !== "line");
    expect(Object.fromEntries(bars.map((dataset) => [dataset.label, dataset.backgroundColor]))).toEqual({ Critical: "#dc3545", High: "#f0ad4e", Low: "#adb5bd" });
});

test("each severity has its colour as a bar of its own", async () => {
    const chart = await mountGraph(`<field name="severity"/>`);
    expect(chart.data.datasets[0].backgroundColor).toEqual(
        chart.data.labels.map((label) => ({ Critical: "#dc3545", High: "#f0ad4e", Low: "#adb5bd" })[label])
    );
});

test("all else is coloured as in every graph", async () => {
    const chart = await mountGraph(`<field name="product"/>`);
    expect(chart.data.datasets[0].backgroundColor).not.toBe(undefined);
    expect(chart.data.datasets[0].backgroundColor).not.toBe("#dc3545");
});
