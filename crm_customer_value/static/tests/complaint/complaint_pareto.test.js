import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, patchWithCleanup } from "@web/../tests/web_test_helpers";

import { ParetoRenderer } from "@crm_customer_value/complaint/complaint_pareto/complaint_pareto";

class Complaint extends models.Model {
    _name = "customer.complaint";

    cause = fields.Selection({
        selection: [
            ["packing", "Packing"],
            ["address", "Address"],
            ["tool", "Tool"],
        ],
    });
    product = fields.Char();
    date = fields.Date();
    compensation = fields.Integer({ aggregator: "sum" });

    _records = [
        { id: 1, cause: "tool", product: "Desk", date: "2026-01-01", compensation: 30 },
        { id: 2, cause: "packing", product: "Chair", date: "2026-02-01", compensation: 10 },
        { id: 3, cause: "packing", product: "Desk", date: "2026-01-01", compensation: 5 },
        { id: 4, cause: "packing", product: "Desk", date: "2026-01-01", compensation: 0 },
        { id: 5, cause: "address", product: "Lamp", date: "2026-02-01", compensation: 5 },
        { id: 6, cause: "address", product: "Lamp", date: "2026-02-01", compensation: 0 },
        { id: 7, cause: "packing", product: "Chair", date: "2026-02-01", compensation: 0 },
        { id: 8, cause: "packing", product: "Lamp", date: "2026-02-01", compensation: 0 },
    ];
}

defineMailModels();
defineModels([Complaint]);

/** Mount a Pareto chart and return its model and renderer. */
async function mountPareto(arch, params = {}) {
    let renderer;
    patchWithCleanup(ParetoRenderer.prototype, {
        setup() {
            super.setup();
            renderer = this;
        },
    });
    await mountView({
        type: "graph",
        resModel: "customer.complaint",
        arch: `<graph js_class="customer_complaint_pareto" type="bar">${arch}</graph>`,
        ...params,
    });
    return renderer;
}

test("causes in falling order, and the share of all up to each", async () => {
    const { model, ...renderer } = await mountPareto(`<field name="cause"/><field name="product"/>`);
    expect(model.data.labels).toEqual(["Packing", "Address", "Tool"]);
    // 5, 2 and 1 of 8
    expect(model.lineOverlayDataset.data).toEqual([0.625, 0.875, 1]);
    expect(renderer.chart.data.datasets).toHaveLength(4);
    expect(renderer.chart.scales.share.max).toBe(1);
});

test("by compensation another cause is the first", async () => {
    const { model } = await mountPareto(`<field name="cause"/><field name="compensation" type="measure"/>`);
    expect(model.data.labels).toEqual(["Tool", "Packing", "Address"]);
    expect(model.lineOverlayDataset.data).toEqual([0.6, 0.9, 1]);
});

test("time runs along, without a share", async () => {
    const { model } = await mountPareto(`<field name="date" interval="month"/>`);
    expect(model.data.labels).toEqual(["January 2026", "February 2026"]);
    expect(model.lineOverlayDataset).toBe(null);
});

test("nothing to count", async () => {
    const { model } = await mountPareto(`<field name="cause"/>`, { domain: [["id", "<", 0]] });
    expect(model.lineOverlayDataset).toBe(null);
});
