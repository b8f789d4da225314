import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

import { ValuePanelField } from "@crm_customer_value/value_panel/value_panel";

defineMailModels();

/** Mount the panel of a customer who is predicted as `values` say. */
async function mountPanel(values) {
    onRpc("customer.value", "get_story", () => ({
        amounts_visible: false,
        currency_id: 1,
        history: [],
        inputs: {},
        change: false,
    }));
    const value = {
        id: 1,
        first_purchase_date: "2025-01-10",
        explanation: { index: 50, window_days: 365, parts: [] },
        amounts_visible: false,
        has_prediction: true,
        churn_level: "low",
        churn_risk: 0.1234,
        probability_alive: 0.9,
        expected_purchases_12m: 4,
        expected_next_purchase_date: "2026-03-10",
        next_purchase_from: "2026-03-02",
        next_purchase_to: "2026-03-20",
        clv_method: "model",
        clv_confidence: "high",
        ...values,
    };
    await mountWithCleanup(ValuePanelField, { props: { name: "value", record: { data: { value } } } });
}

test("a prediction to rely on says how it was made, and warns of nothing", async () => {
    await mountPanel({});
    expect(".o_value_panel_confidence").toHaveCount(0);
    expect(".o_value_panel_none").toHaveCount(0);
    expect(queryAllTexts("dd")).toInclude("model of purchases");
    expect(queryAllTexts("dd")).toInclude("low, 12 %");
    expect(queryAllTexts("dd").some((text) => /\b0?2\b.* to .*\b20\b/.test(text))).toBe(true);
});

test("low confidence stands beside the numbers", async () => {
    await mountPanel({ clv_method: "prior", clv_confidence: "low" });
    expect(".o_value_panel_confidence").toHaveText("Low confidence: take these numbers as a hint.");
    expect(".o_value_panel_confidence span[title]").toHaveCount(1);
    expect(queryAllTexts("dd")).toInclude("model leaning on typical shops");
});

test("who is overdue by a steady period has no range of dates", async () => {
    await mountPanel({
        clv_method: "steady",
        churn_level: "high",
        expected_next_purchase_date: false,
        next_purchase_from: false,
        next_purchase_to: false,
    });
    expect(queryAllTexts("dd")).toInclude("own steady period");
    expect(queryAllTexts("dd")).toInclude("overdue");
});

test("without a prediction the panel says what it takes", async () => {
    await mountPanel({ has_prediction: false, clv_method: "none", clv_confidence: false, churn_level: false });
    expect(".o_value_panel_none").toHaveText(/takes 30 customers/);
    expect(queryAllTexts("dd")).not.toInclude("model of purchases");
});
