import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { user } from "@web/core/user";

import { BothSidesChart, radius } from "@crm_customer_value/benefit/both_sides/both_sides_chart";
import { BothSidesController } from "@crm_customer_value/benefit/both_sides/both_sides";
import "@crm_customer_value/benefit/their_side/their_side";

class Value extends models.Model {
    _name = "customer.value";

    name = fields.Char();

    _records = [{ id: 7, name: "Bakery" }];
    _views = { form: `<form><widget name="customer_their_side"/></form>` };
}

defineMailModels();
defineModels([Value]);
preloadBundle("web.chartjs_lib");

const QUARTERS = {
    partnership: { count: 1, revenue: 400 },
    leaving: { count: 1, revenue: false },
    give_more: { count: 0, revenue: false },
    reconsider: { count: 0, revenue: false },
};
const POINTS = {
    company: false,
    currency_id: 1,
    count: 2,
    without: 3,
    lines: { x: 55.1, y: 40.3 },
    quarters: QUARTERS,
    points: [
        [1, "Bakery", 80, 70, 400],
        [2, "Kiosk", 90, 20, false],
    ],
};

/** Mount the picture, and return its chart and the actions that it does. */
async function mountPicture(picture, params = {}) {
    const opened = [];
    let chart, controller;
    mockService("action", { doAction: async (action) => opened.push(action) });
    onRpc("customer.value", "get_both_sides", ({ args }) => {
        expect.step(args[2]);
        return picture;
    });
    patchWithCleanup(BothSidesChart.prototype, {
        setup() {
            super.setup();
            chart = this;
        },
    });
    patchWithCleanup(BothSidesController.prototype, {
        setup() {
            super.setup();
            controller = this;
        },
    });
    await mountView({
        type: "graph",
        resModel: "customer.value",
        arch: `<graph js_class="customer_both_sides"/>`,
        ...params,
    });
    return { chart, controller, opened };
}

/** What Chart.js drew. */
const drawnChart = () => Chart.getChart(queryFirst("canvas"));

test("points as large as their revenue", async () => {
    const { chart } = await mountPicture(POINTS);
    expect.verifySteps(["median"]);
    expect(chart.drawn.map(({ x, y, r }) => [x, y, r])).toEqual([
        [80, 70, 16],
        [90, 20, 4],
    ]);
    expect(drawnChart().getDatasetMeta(0).data.map((point) => point.options.radius)).toEqual([16, 4]);
    expect(chart.lines(chart.drawn[1])).toEqual(["Kiosk", "Value to us 90.0", "Value to them 20.0"]);
    expect(chart.lines(chart.drawn[0])).toHaveLength(4);
    expect(radius(100, 400)).toBe(10);
    expect(radius(-5, 400)).toBe(4);
    expect(radius(0, 0)).toBe(4);
});

test("limits are fixed where the user says", async () => {
    const kept = [];
    patchWithCleanup(user, {
        get settings() {
            return { ...super.settings, customer_sides_lines: "fixed" };
        },
        setUserSettings: async (name, value) => kept.push([name, value]),
    });
    const picture = { ...POINTS, lines: { x: 50, y: 50 } };
    await mountPicture(picture);
    expect.verifySteps(["fixed"]);
    expect("input[data-limit=x]").toHaveValue(50);
    await contains("input[data-limit=x]").edit("80");
    expect.verifySteps(["fixed"]);
    for (const wrong of ["101", ""]) {
        await contains("input[data-limit=y]").edit(wrong);
        expect("input[data-limit=y]").toHaveValue(50);
    }
    expect(kept).toEqual([["customer_sides_us", 80]]);
});

test("the table tells and opens the same as the picture", async () => {
    const { opened } = await mountPicture(POINTS);
    expect.verifySteps(["median"]);
    expect(queryAllTexts(".o_both_sides_table td:nth-child(2)")).toEqual(["1", "1", "0", "0"]);
    expect(".o_both_sides_table tr[data-quarter=leaving] td:last").toHaveText("–");
    await click("tr[data-quarter=leaving] button");
    await animationFrame();
    expect(opened[0].domain).toEqual([
        "&",
        ["company_id", "=", user.activeCompany.id],
        "&",
        ["value_to_us", ">=", 55.1],
        ["benefit_index", "<", 40.3],
    ]);
    await click(".o_both_sides_table > button");
    await animationFrame();
    expect(opened[1].domain.slice(-3)).toEqual(["|", ["value_to_us", "=", false], ["benefit_index", "=", false]]);
});

test("a click on the ground opens the quarter, on a point the customer", async () => {
    const { chart, opened } = await mountPicture(POINTS);
    expect.verifySteps(["median"]);
    expect(chart.quarterAt(55.1, 40.3)).toBe("partnership");
    expect(chart.quarterAt(55, 90)).toBe("give_more");
    expect(chart.quarterAt(55, 40)).toBe("reconsider");
    const { left, bottom } = drawnChart().chartArea;
    chart.onClick({ x: left + 1, y: bottom - 1 }, [], drawnChart());
    chart.onClick({ x: 0, y: 0 }, [{ index: 1 }], drawnChart());
    // Outside of the chart lies no quarter.
    chart.onClick({ x: 0, y: 0 }, [], drawnChart());
    await animationFrame();
    expect(opened).toHaveLength(2);
    expect(opened[0].name).toBe("Reconsider");
    expect(opened[1].res_id).toBe(2);
});

test("many customers are cells", async () => {
    const cells = [
        [88, 20, 3],
        [96, 96, 12],
    ];
    const { chart, opened } = await mountPicture({ ...POINTS, count: 2001, points: undefined, cell: 4, cells });
    expect.verifySteps(["median"]);
    expect(chart.drawn.map(({ x, y, r }) => [x, y, r])).toEqual([
        [90, 22, 10],
        [98, 98, 16],
    ]);
    expect(chart.lines(chart.drawn[0])[0]).toBe("3 customers");
    chart.onClick({ x: 0, y: 0 }, [{ index: 0 }], drawnChart());
    chart.onClick({ x: 0, y: 0 }, [{ index: 1 }], drawnChart());
    await animationFrame();
    const conditions = opened.map(({ domain }) => domain.filter((item) => item !== "&").slice(1));
    expect(conditions).toEqual([
        [
            ["value_to_us", ">=", 88],
            ["value_to_us", "<", 92],
            ["benefit_index", ">=", 20],
            ["benefit_index", "<", 24],
        ],
        [
            ["value_to_us", ">=", 96],
            ["value_to_us", "<=", 100],
            ["benefit_index", ">=", 96],
            ["benefit_index", "<=", 100],
        ],
    ]);
});

test("the limits are chosen, and kept", async () => {
    patchWithCleanup(user, {
        async setUserSettings(key, value) {
            expect.step(`${key}: ${value}`);
        },
    });
    const { controller } = await mountPicture(POINTS);
    expect.verifySteps(["median"]);
    await click(".o_both_sides_table .btn-group button:last");
    await animationFrame();
    expect.verifySteps(["customer_sides_lines: fixed", "fixed"], { ignoreOrder: true });
    expect(controller.state.lines).toBe("fixed");
    expect(".o_both_sides_table .btn-group button:last").toHaveAttribute("aria-pressed", "true");
});

test("nobody has both sides", async () => {
    const none = { ...POINTS, count: 0, points: [] };
    await mountPicture(none);
    expect(".o_both_sides_empty").toHaveText(/No customer has both sides yet/);
    expect(".o_both_sides_empty button").toHaveText("Choose a Customer");
    expect.verifySteps(["median"]);
});

test("nobody of a search has both sides", async () => {
    await mountPicture({ ...POINTS, count: 0, points: [], without: 0 }, { domain: [["name", "=", "x"]] });
    expect(".o_both_sides_empty").toHaveText(/No customer of this search has both sides/);
    expect(".o_both_sides_empty button").toHaveCount(0);
    expect.verifySteps(["median"]);
});

const SIDE = {
    partner_id: 7,
    company_id: 1,
    currency_id: 1,
    numbers: false,
    needs: { rows: [], count: 0 },
    goals: { rows: [], count: 0 },
    months: [],
    advice: [],
    advice_note: "Choose an industry for this customer.",
    colleague: false,
    rights: { need: true, "benefit.goal": true, "benefit.record": true },
};

async function mountSide(side) {
    const opened = [];
    mockService("action", { doAction: async (action) => opened.push(action) });
    onRpc("customer.value", "get_benefit_side", ({ args }) => {
        expect.step(`load ${args[0]}`);
        return side;
    });
    onRpc("res.partner", "action_new_benefit_goal", ({ args }) => {
        expect.step(`goal ${args}`);
        return { type: "ir.actions.act_window", res_model: "customer.benefit.goal" };
    });
    await mountView({ type: "form", resModel: "customer.value", resId: 7 });
    return opened;
}

test("what is empty is one line with one button", async () => {
    const opened = await mountSide(SIDE);
    expect.verifySteps(["load 7"]);
    for (const part of ["needs", "goals", "months"]) {
        expect(`.o_their_side_${part} button`).toHaveCount(1);
    }
    expect(".o_their_side h4").toHaveCount(0);
    expect(".o_their_side_numbers").toHaveCount(0);
    expect(".o_their_side_advice").toHaveText("Choose an industry for this customer.");
    await click(".o_their_side_needs button");
    await animationFrame();
    expect(opened[0].res_model).toBe("customer.need");
    expect(opened[0].context.default_partner_id).toBe(7);
});

test("who sees a part only reads whom to ask", async () => {
    await mountSide({ ...SIDE, colleague: "Marc Demo" });
    expect.verifySteps(["load 7"]);
    expect(".o_their_side_colleague").toHaveText(
        "Marc Demo looks after this customer. You may not see everything here."
    );
});

test("who may not add anything has no button, and who sees no values no advice", async () => {
    await mountSide({ ...SIDE, advice: false, rights: {} });
    expect(".o_their_side button").toHaveCount(0);
    expect(".o_their_side_advice").toHaveCount(0);
    expect.verifySteps(["load 7"]);
});

test("needs, goals, gain and advice", async () => {
    const opened = await mountSide({
        ...SIDE,
        advice_note: false,
        numbers: {
            benefit_index: 61.5,
            value_delivered: 0,
            emotional_score: false,
            shown_economic_score: 33.3,
            shown_functional_score: false,
            shown_benefit_gain_12m: false,
            shown_benefit_ratio: 0.5,
            benefit_record_count: 2,
            benefit_confirmed_share: 50,
            amounts_visible: true,
        },
        needs: {
            count: 21,
            rows: [
                {
                    id: 1,
                    name: "Quiet lines",
                    words: "It hums",
                    importance: 4,
                    is_guess: true,
                    state: "open",
                    state_text: "Open objection",
                    product: false,
                },
            ],
        },
        goals: {
            count: 2,
            rows: [
                { id: 1, name: "Faults", unit: "faults", baseline: "20", latest: "11", target: "2", progress: 50 },
                { id: 2, name: "Cost", unit: "$", baseline: "9", latest: "–", target: "5", progress: false },
            ].map((goal) => ({ ...goal, state: "behind", state_text: "Behind", date_target: "2026-01-31" })),
        },
        months: [{ month: "2026-01-01", gain: 100, confirmed: 40 }],
        advice: [
            { metric_id: 5, state: "room", sentence: "There is room.", number: 12, products: [[3, "Router"]], goal_id: false },
            { metric_id: 6, state: "few", sentence: "Only nine.", number: 9 },
        ],
    });
    expect.verifySteps(["load 7"]);
    // What is zero is told, what is not known is left out.
    expect(queryAllTexts(".o_their_side_numbers [data-number]")).toEqual([
        "Gain for each 1 paid\n0.50",
        "Economic\n33 of 100",
        "Value delivered\n0 %",
    ]);
    expect(".o_their_side_numbers p").toHaveText("Few data: 2 measurements. 50 % of the gain is confirmed by the customer.");
    expect(".o_their_side_needs [role=img]").toHaveAttribute("aria-label", "Importance: 4 of 5");
    expect(".o_their_side_needs .fa-star").toHaveCount(4);
    expect(".o_their_side_needs").toHaveText(/All 21 needs/);
    expect("[data-goal='1'] .progress").toHaveAttribute("aria-valuenow", "50");
    expect("[data-goal='2'] .progress").toHaveAttribute("aria-label", "Cost: not measured yet");
    expect(".o_gain_months canvas").toHaveAttribute("aria-label", /Jan 26/);
    expect("[data-metric='6'] button").toHaveCount(0);
    await click("[data-metric='5'] .btn-primary");
    await animationFrame();
    expect.verifySteps(["goal 7,5"]);
    expect(opened[0].res_model).toBe("customer.benefit.goal");
});
