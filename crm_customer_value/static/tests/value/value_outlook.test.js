import { expect, test } from "@odoo/hoot";
import { click, queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

import { ValuePanelField } from "@crm_customer_value/value/value_panel/value_panel";

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
        explanation: { index: 50, parts: [] },
        window_text: "12 months",
        amounts_visible: false,
        shown_lifetime_value: false,
        shown_margin_rate_12m: false,
        shown_margin_rate_previous_12m: false,
        open_quotation_amount: false,
        open_opportunity_amount: false,
        has_prediction: true,
        churn_level: "low",
        churn_risk: 0.1234,
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
    expect(".o_value_panel_confidence").toHaveText("Rough estimate");
    expect(".o_value_panel_confidence span[title]").toHaveCount(1);
    expect(queryAllTexts("dd")).toInclude("model with typical values (few customers)");
});

test("who is overdue by a steady period has no range of dates", async () => {
    await mountPanel({
        clv_method: "steady",
        churn_level: "high",
        expected_next_purchase_date: false,
        next_purchase_from: false,
        next_purchase_to: false,
    });
    expect(queryAllTexts("dd")).toInclude("regular rhythm");
    expect(queryAllTexts("dd")).toInclude("overdue");
});

test("without a prediction the panel says so", async () => {
    await mountPanel({ has_prediction: false, clv_method: "none", clv_confidence: false, churn_level: false });
    expect(".o_value_panel_none").toHaveText("No forecast for the next 12 months yet.");
    expect(queryAllTexts("dd")).not.toInclude("model of purchases");
});

test("silence stands in place of how late a customer is", async () => {
    await mountPanel({ typical_gap: 20, cadence_ratio: 9.5, is_silent: true });
    expect(".o_value_panel_now").toHaveText("silent, 9.5 × usual");
    expect(".o_value_panel_now").toHaveClass("text-danger");
});

test("who is a little late is late by days", async () => {
    await mountPanel({ typical_gap: 20, cadence_ratio: 1.25, is_silent: false });
    expect(".o_value_panel_now").toHaveText("late by 5 days");
});

test("money at risk says how it was found", async () => {
    await mountPanel({
        amounts_visible: true,
        shown_revenue_12m: 300,
        shown_margin_12m: 120,
        shown_value_at_risk: 107.36,
        value_at_risk_basis: "rhythm",
    });
    expect(".o_value_panel_at_risk").toHaveText(/107.36\s*estimated from rhythm/);
});

test("the margin rate has the one before beside it, as far as they are known", async () => {
    const amounts = { amounts_visible: true, shown_revenue_12m: 300, shown_margin_12m: 69 };
    await mountPanel({ ...amounts, shown_margin_rate_12m: 23, shown_margin_rate_previous_12m: 31 });
    expect(".o_value_panel_rate:last").toHaveText("(23.0 %, before 31.0 %)");
    await mountPanel({ ...amounts, shown_margin_rate_12m: 23 });
    expect(".o_value_panel_rate:last").toHaveText("(23.0 %)");
    await mountPanel(amounts);
    expect(".o_value_panel_rate").toHaveCount(2);
});

test("a low risk that something speaks against is not green", async () => {
    await mountPanel({ risk_note: "low by rhythm alone: revenue is shrinking" });
    expect(".o_value_panel_risk_note").toHaveText("low by rhythm alone: revenue is shrinking");
    expect("dd .text-success").toHaveCount(0);
});

test("numbers of purchases and complaints lead to them", async () => {
    mockService("action", {
        doActionButton({ name, args, resModel, resId }) {
            expect.step(`${resModel} ${resId} ${name} ${args}`);
        },
    });
    await mountPanel({
        amounts_visible: true,
        shown_revenue_12m: 300,
        shown_revenue_previous_12m: 200,
        order_count_12m: 3,
        order_count: 8,
        has_satisfaction_score: true,
        has_readable_complaints: true,
        open_complaints: 2,
        open_severe_complaints: 0,
        complaint_count_12m: 2,
    });
    for (const link of queryAll(".o_value_panel_link")) {
        await click(link);
    }
    expect.verifySteps([
        'customer.value 1 action_view_purchases ["current"]',
        'customer.value 1 action_view_purchases ["previous"]',
        'customer.value 1 action_view_purchases ["current"]',
        "customer.value 1 action_view_purchases []",
        "customer.value 1 action_view_complaints []",
    ]);
});

test("complaints that the user may not open are a number, and no link", async () => {
    await mountPanel({
        has_satisfaction_score: true,
        has_readable_complaints: false,
        open_complaints: 2,
        open_severe_complaints: 0,
        complaint_count_12m: 2,
    });
    expect(".o_value_panel_complaints a").toHaveCount(0);
    expect(".o_value_panel_complaints dd:first").toHaveText("2");
});

test("a prospect has what is open, and no number", async () => {
    await mountPanel({
        first_purchase_date: false,
        open_opportunity_amount: 18500,
        open_probability: 78,
        open_with_others: true,
    });
    expect(queryAllTexts(".o_value_panel_open")).toEqual(["Opportunities: 18,500.00, 78 % likely"]);
    expect(".o_value_panel_prospect").toHaveText(/Colleagues have open quotations/);
    expect(".o_value_explanation").toHaveCount(0);
});

test("a rating says of how many it is the average", async () => {
    const rated = { has_satisfaction_score: true, complaint_count_12m: 3, open_complaints: 0, csat: 4.2 };
    await mountPanel({ ...rated, csat_count: 3 });
    expect(queryAllTexts(".o_value_panel_complaints dt")).toInclude("Received, last 12 months");
    expect(queryAllTexts(".o_value_panel_complaints dd")).toInclude("4.2 of 5 (3 ratings)");
});

test("one rating is one", async () => {
    await mountPanel({
        has_satisfaction_score: true, complaint_count_12m: 1, open_complaints: 0, csat: 4, csat_count: 1,
    });
    expect(queryAllTexts(".o_value_panel_complaints dd")).toInclude("4 of 5 (1 rating)");
});

test("the parts of the lifetime value add up to it", async () => {
    await mountPanel({
        amounts_visible: true,
        shown_lifetime_value: 13222.08,
        shown_lifetime_history: 3029.4,
        shown_lifetime_potential: 623.58,
    });
    expect(queryAllTexts(".o_value_panel_lifetime div")[0].replace(/[^\w.,+ ]/g, "")).toBe(
        "3,029.40 before + 9,569.10 in the last 12 months + 623.58 expected"
    );
});
