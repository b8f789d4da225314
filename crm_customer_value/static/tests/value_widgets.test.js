import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    allowTranslations,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { bands } from "@crm_customer_value/cut_points/cut_points";
import { daysAgo } from "@crm_customer_value/days_ago/days_ago";
import { ValueExplanation } from "@crm_customer_value/value_explanation/value_explanation";
import { ValueRing } from "@crm_customer_value/value_ring/value_ring";

const { DateTime } = luxon;

class Run extends models.Model {
    _name = "customer.value.run";

    state = fields.Selection({
        selection: [
            ["queued", "Waiting"],
            ["running", "Running"],
            ["done", "Done"],
            ["failed", "Failed"],
        ],
    });
    progress = fields.Float();

    _records = [{ id: 1, state: "running", progress: 20 }];
}

defineMailModels();
defineModels([Run]);

test("bands: a value up to a cut-point belongs below it", () => {
    allowTranslations();
    expect(bands([8, 20, 21, 142], String, true)).toEqual(["up to 8", "9 to 20", "21", "22 to 142", "above 142"]);
});

test("bands: equal cut-points leave nothing between them", () => {
    allowTranslations();
    expect(bands([1, 1, 2.5, 2.5], String, false)).toEqual(["up to 1", "–", "up to 2.5", "–", "above 2.5"]);
});

test("daysAgo counts days, not hours", () => {
    allowTranslations();
    mockDate("2026-03-02 00:30:00");
    expect(daysAgo(DateTime.local(2026, 3, 2))).toBe("today");
    expect(daysAgo(DateTime.local(2026, 3, 1))).toBe("yesterday");
    expect(daysAgo(DateTime.local(2025, 3, 2))).toBe("365 days ago");
});

test("the ring says its number to who cannot see it, and is never fuller than full", async () => {
    await mountWithCleanup(ValueRing, { props: { value: 66.6, label: "Value Index" } });
    expect(".o_value_ring").toHaveAttribute("aria-label", "Value Index: 66.6 of 100");
    expect(".o_value_ring").toHaveClass("text-info");
    await mountWithCleanup(ValueRing, { props: { value: 120 } });
    expect(".o_value_ring_fill:last").toHaveAttribute("stroke-dasharray", /^97.\d+ 0$/);
});

test("the explanation shows missing components as missing", async () => {
    const part = (values) => ({ missing: false, score: 50, weight: 50, points: 25, ...values });
    await mountWithCleanup(ValueExplanation, {
        props: {
            explanation: {
                index: 50,
                window_days: 365,
                parts: [
                    part({ key: "current_value", label: "Current value" }),
                    part({ key: "loyalty", label: "Loyalty" }),
                    part({ key: "payment", label: "Payment", missing: true, score: 0, weight: 0, points: 0 }),
                ],
            },
        },
    });
    expect(".o_value_explanation_bar .progress").toHaveCount(2);
    expect(queryAllTexts(".o_value_explanation_points")).toEqual(["25.0", "25.0"]);
    expect(".o_value_explanation_missing").toHaveCount(1);
    expect(".o_value_explanation_index").toHaveText("50.0");
});

test("the progress of a run follows the server until the run is over", async () => {
    let polls = 0;
    onRpc("customer.value.run", "read", () => {
        polls++;
    });
    await mountView({
        type: "form",
        resModel: "customer.value.run",
        resId: 1,
        arch: `<form><field name="state"/><field name="progress" widget="customer_value_progress"/></form>`,
    });
    expect(".o_run_progress").toHaveText("20 %");
    const runs = MockServer.env["customer.value.run"];
    runs.write([1], { progress: 60 });
    await advanceTime(2000);
    await animationFrame();
    expect(".o_run_progress").toHaveText("60 %");
    runs.write([1], { progress: 100, state: "done" });
    await advanceTime(2000);
    await animationFrame();
    expect(".o_run_progress").toHaveText("100 %");
    expect(".o_run_progress .progress-bar").toHaveClass("bg-success");
    expect(polls).toBe(2);
    await advanceTime(10000);
    expect(polls).toBe(2);
});
