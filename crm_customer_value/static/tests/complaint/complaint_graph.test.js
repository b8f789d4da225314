import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, patchWithCleanup } from "@web/../tests/web_test_helpers";

import { ComplaintGraphRenderer } from "@crm_customer_value/complaint/complaint_graph/complaint_graph";

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
    deadline_state = fields.Selection({
        selection: [
            ["in_time", "In Time"],
            ["missed", "Missed"],
        ],
    });
    product = fields.Char();

    _records = [
        { id: 1, severity: "critical", product: "Desk", deadline_state: "missed" },
        { id: 2, severity: "low", product: "Desk", deadline_state: "in_time" },
        { id: 3, severity: "high", product: "Chair", deadline_state: "in_time" },
    ];
}

defineMailModels();
defineModels([Complaint]);

/** Mount a graph and return its chart. */
async function mountGraph(arch, type = "bar") {
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
        arch: `<graph js_class="customer_complaint_graph" type="${type}">${arch}</graph>`,
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

test("each severity has its colour as a line", async () => {
    const chart = await mountGraph(`<field name="product"/><field name="severity"/>`, "line");
    expect(Object.fromEntries(chart.data.datasets.map((line) => [line.label, line.borderColor]))).toEqual({ Critical: "#dc3545", High: "#f0ad4e", Low: "#adb5bd" });
});

test("each severity has its colour in a pie and in its legend", async () => {
    const chart = await mountGraph(`<field name="severity"/>`, "pie");
    const colors = chart.data.labels.map((label) => ({ Critical: "#dc3545", High: "#f0ad4e", Low: "#adb5bd" })[label]);
    expect(chart.data.datasets[0].backgroundColor).toEqual(colors);
    expect(chart.options.plugins.legend.labels.generateLabels(chart).map(({ fillStyle }) => fillStyle)).toEqual(colors);
});

test("parts of a pie by product and severity have the colour of the severity", async () => {
    const chart = await mountGraph(`<field name="product"/><field name="severity"/>`, "pie");
    expect(Object.fromEntries(chart.data.labels.map((label, index) => [label, chart.data.datasets[0].backgroundColor[index]]))).toEqual({ "Chair / High": "#f0ad4e", "Desk / Critical": "#dc3545", "Desk / Low": "#adb5bd" });
});

test("missed deadlines are red and those in time green", async () => {
    const chart = await mountGraph(`<field name="deadline_state"/>`, "pie");
    expect(chart.data.datasets[0].backgroundColor).toEqual(
        chart.data.labels.map((label) => ({ "In Time": "#28a745", Missed: "#dc3545" })[label])
    );
});

test("all else is coloured as in every graph", async () => {
    const chart = await mountGraph(`<field name="product"/>`);
    expect(chart.data.datasets[0].backgroundColor).not.toBe(undefined);
    expect(chart.data.datasets[0].backgroundColor).not.toBe("#dc3545");
});
