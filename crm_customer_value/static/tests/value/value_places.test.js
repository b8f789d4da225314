import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, mockService, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

import "@crm_customer_value/value/value_amount/value_amount";
import "@crm_customer_value/value/value_badge/value_badge";
import "@crm_customer_value/value/value_ring/value_ring";
import "@crm_customer_value/value/value_trend/value_trend";

class Value extends models.Model {
    _name = "customer.value";

    name = fields.Char();
    _records = [{ id: 7, name: "Value" }];
}

/** Who is well, who has been silent in spite of a growing year, and who never bought and complains. */
class Customer extends models.Model {
    _name = "customer";

    value_class = fields.Selection({ selection: [["a", "A"]] });
    rfm_segment = fields.Selection({
        selection: [
            ["champions", "Top Buyers"],
            ["at_risk", "Slipping Away"],
            ["lost", "Long Gone"],
        ],
    });
    customer_value_id = fields.Many2one({ relation: "customer.value" });
    open_severe_complaints = fields.Integer();
    revenue_trend = fields.Selection({ selection: [["up", "Growing"]] });
    is_silent = fields.Boolean();
    cadence_ratio = fields.Float();
    index = fields.Float();
    lifecycle_health = fields.Selection({ selection: [["good", "Good"], ["gone", "Lost"]] });
    currency_id = fields.Many2one({ relation: "res.currency", default: 1 });
    amounts_visible = fields.Boolean();
    money = fields.Monetary({ currency_field: "currency_id" });

    _records = [
        { id: 1, value_class: "a", rfm_segment: "champions", customer_value_id: 7, revenue_trend: "up", index: 84, lifecycle_health: "good", amounts_visible: true, money: 0 },
        { id: 2, value_class: "a", rfm_segment: "at_risk", customer_value_id: 7, revenue_trend: "up", is_silent: true, cadence_ratio: 9.52, index: 84, lifecycle_health: "gone", amounts_visible: true, money: 12 },
        { id: 3, rfm_segment: "lost", open_severe_complaints: 2, index: 10, amounts_visible: false, money: 0 },
    ];
}

defineMailModels();
defineModels([Value, Customer]);

const LIST = `
    <list>
        <field name="currency_id" column_invisible="1"/>
        <field name="lifecycle_health" column_invisible="1"/>
        <field name="value_class" widget="customer_value_badge" options="{'link': True, 'complaints': True}"/>
        <field name="revenue_trend" widget="customer_value_trend"/>
        <field name="index" widget="customer_value_ring" options="{'link': True}"/>
        <field name="money" widget="customer_value_amount" options="{'lockable': True}"/>
    </list>`;

test("silence takes the place of the trend", async () => {
    await mountView({ type: "list", resModel: "customer", arch: LIST });
    expect(queryAllTexts(".o_field_customer_value_trend")).toEqual(["Growing", "Silent, 9.5 × usual", ""]);
    expect(".o_field_customer_value_trend .text-danger.fw-bold").toHaveCount(1);
});

test("complaints stand in the cell of the class, also without a class", async () => {
    await mountView({ type: "list", resModel: "customer", arch: LIST });
    expect(queryAllTexts(".o_field_customer_value_badge")).toEqual(["A", "A", "2"]);
    expect(".o_value_complaints").toHaveAttribute("title", "2 open severe complaints");
});

test("rings are as green as the stage, not as the index", async () => {
    await mountView({ type: "list", resModel: "customer", arch: LIST });
    expect(".o_data_row:eq(0) .o_value_ring").toHaveClass("text-success");
    expect(".o_data_row:eq(1) .o_value_ring").toHaveClass("text-danger");
    expect(".o_data_row:eq(2) .o_value_ring").toHaveClass("text-info");
});

test("segments have the colours of the stages they are like: amber at risk, red when lost", async () => {
    await mountView({
        type: "list",
        resModel: "customer",
        arch: `<list><field name="rfm_segment" widget="customer_value_badge"/></list>`,
    });
    expect(".o_data_row:eq(0) .badge").toHaveClass("text-bg-success");
    expect(".o_data_row:eq(1) .badge").toHaveClass("text-bg-warning");
    expect(".o_data_row:eq(2) .badge").toHaveClass("text-bg-danger");
});

test("badge and ring open the value, and not the row", async () => {
    mockService("action", {
        doAction({ res_model, res_id, target }) {
            expect.step(`${res_model} ${res_id} ${target}`);
        },
    });
    await mountView({
        type: "list",
        resModel: "customer",
        arch: LIST,
        selectRecord: () => expect.step("row"),
    });
    await click(".o_data_row:eq(0) .o_field_customer_value_badge button");
    await animationFrame();
    await click(".o_data_row:eq(1) .o_field_customer_value_ring button");
    await animationFrame();
    expect.verifySteps(["customer.value 7 current", "customer.value 7 current"]);
    expect(".o_data_row:eq(2) button").toHaveCount(0);
});

test("above a form that is not saved the value opens as a dialog", async () => {
    mockService("action", {
        doAction({ res_id, target }) {
            expect.step(`${res_id} ${target}`);
        },
    });
    onRpc("customer", "onchange", ({ parent }) => {
        const result = parent();
        result.value.customer_value_id = { id: 7, display_name: "Value" };
        result.value.value_class = "a";
        return result;
    });
    await mountView({
        type: "form",
        resModel: "customer",
        arch: `<form><field name="value_class" readonly="1" widget="customer_value_badge" options="{'link': True}"/></form>`,
    });
    await click(".o_field_customer_value_badge button");
    await animationFrame();
    expect.verifySteps(["7 new"]);
});

test("an amount is known, not known, or hidden: three things, and none of them is zero by mistake", async () => {
    onRpc("customer", "web_search_read", ({ parent }) => {
        const result = parent();
        result.records[1].money = false;
        result.records[2].money = false;
        return result;
    });
    await mountView({ type: "list", resModel: "customer", arch: LIST });
    expect(queryAllTexts(".o_field_customer_value_amount")).toEqual(["$ 0.00", "–", ""]);
    expect(".o_data_row:eq(2) .o_value_amount_hidden").toHaveAttribute("title", /belong to other salespeople/);
});
