import { expect, test } from "@odoo/hoot";
import { click, queryAll, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    allowTranslations,
    defineModels,
    fields,
    mockService,
    MockServer,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

import { BoardNote } from "@crm_customer_value/value/board_note/board_note";
import { bands } from "@crm_customer_value/value/cut_points/cut_points";
import { daysAgo } from "@crm_customer_value/value/days_ago/days_ago";
import { ValueChanges } from "@crm_customer_value/story/value_changes/value_changes";
import { ValueExplanation } from "@crm_customer_value/value/value_explanation/value_explanation";
import { ValueHistory, withGaps } from "@crm_customer_value/story/value_history/value_history";
import { ValueRing } from "@crm_customer_value/value/value_ring/value_ring";
import { ValueStory } from "@crm_customer_value/story/value_story/value_story";

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

class Value extends models.Model {
    _name = "customer.value";
}

/** Somebody with an index of zero, and somebody whose index nobody knows. */
class Customer extends models.Model {
    _name = "customer";

    index = fields.Float({ aggregator: "avg" });
    money = fields.Float();

    _records = [
        { id: 1, index: 0, money: 0 },
        { id: 2, index: false, money: false },
    ];
    _views = {
        list: `<list><field name="index" avg="Mean"/><field name="money"/></list>`,
        form: `<form><field name="index" widget="customer_value_ring"/></form>`,
    };
}

defineMailModels();
defineModels([Run, Value, Customer]);
preloadBundle("web.chartjs_lib");

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

test("what is not known is empty in a list, and a dash in place of a ring", async () => {
    // The mock server makes a zero of it, ours does not.
    onRpc("customer", "web_search_read", ({ parent }) => {
        const result = parent();
        Object.assign(result.records[1], { index: false, money: false });
        return result;
    });
    onRpc("customer", "web_read", ({ args, parent }) => {
        const [record] = parent();
        return [args[0][0] === 2 ? { ...record, index: false } : record];
    });
    await mountView({ type: "list", resModel: "customer" });
    expect(queryAllTexts(".o_data_cell")).toEqual(["0.00", "0.00", "", ""]);
    expect(queryAllTexts(".o_list_footer .o_list_number")).toEqual(["0.00"]);
    await mountView({ type: "form", resModel: "customer", resId: 2 });
    expect(queryAllTexts(".o_field_customer_value_ring")).toEqual(["–"]);
    expect(".o_value_ring").toHaveCount(0);
    await mountView({ type: "form", resModel: "customer", resId: 1 });
    expect(".o_value_ring_text").toHaveText("0.0");
});

test("the explanation shows missing components as missing", async () => {
    const part = (values) => ({ missing: false, score: 50, weight: 50, points: 25, ...values });
    await mountWithCleanup(ValueExplanation, {
        props: {
            explanation: {
                index: 50,
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

test("what is taken away has its unit, and the same minus as its points", async () => {
    const part = (values) => ({ missing: false, score: 50, weight: 50, points: 25, ...values });
    await mountWithCleanup(ValueExplanation, {
        props: {
            explanation: {
                index: 16.8,
                parts: [
                    part({ key: "current_value", label: "Current value" }),
                    part({ key: "satisfaction", label: "Satisfaction", weight: 16.4, points: -8.2, deduction: true }),
                ],
            },
        },
    });
    expect(queryAllTexts(".o_value_explanation_part td")).toEqual([
        "50.0",
        "50.0 %",
        "25.0",
        "50.0",
        "–",
        "-8.2",
    ]);
    // Points are no percents: they stand under the name.
    expect(".o_value_explanation_deduction").toHaveText("Takes off up to 16.4 points.");
    expect("[data-part=satisfaction] .o_value_explanation_deduction").toHaveCount(1);
});

test("a bonus says what it moves, and a missing part what that means", async () => {
    const part = (values) => ({ missing: false, score: 50, weight: 50, points: 25, ...values });
    await mountWithCleanup(ValueExplanation, {
        props: {
            explanation: {
                index: 29,
                parts: [
                    part({ key: "current_value", label: "Current value" }),
                    part({ key: "visits", label: "Visits", weight: 10, points: 4, deduction: true, bonus: true }),
                    part({ key: "advice", label: "Advice", missing: true, missing_text: "Nobody asked." }),
                ],
            },
        },
    });
    expect(".o_value_explanation_deduction").toHaveText("Adds or takes off up to 10.0 points.");
    expect("[data-part=advice] .fst-italic").toHaveText("Nobody asked.");
});

test("every part of the bar has its number, however small it is", async () => {
    const part = (values) => ({ missing: false, score: 50, weight: 50, points: 25, ...values });
    await mountWithCleanup(ValueExplanation, {
        props: {
            explanation: {
                index: 50.4,
                window_days: 365,
                parts: [
                    part({ key: "current_value", label: "Current value", points: 50 }),
                    part({ key: "payment", label: "Payment", points: 0.4 }),
                ],
            },
        },
    });
    expect(queryAllTexts(".o_value_explanation_bar .progress")).toEqual(["50.0", "0.4"]);
    const [, small] = queryAll(".o_value_explanation_bar .progress");
    expect(small.scrollWidth).toBe(small.clientWidth, { message: "nothing of the number is cut" });
    expect(small.clientWidth).toBeGreaterThan(30);
});

test("a number opens what it is made of", async () => {
    onRpc("customer.value", "get_story", () => ({
        amounts_visible: true,
        currency_id: 1,
        history: [],
        inputs: {
            current_value: {
                facts: [
                    {
                        label: "Revenue",
                        type: "number",
                        value: 12,
                        open: { method: "action_view_purchases", args: ["current"] },
                    },
                    { label: "Days", type: "number", value: 3 },
                ],
                comparison: "",
            },
        },
        change: false,
    }));
    mockService("action", {
        doActionButton({ name, args, resModel, resId }) {
            expect.step(`${resModel} ${resId} ${name} ${args}`);
        },
    });
    const part = { key: "current_value", label: "Current value", missing: false, score: 50, weight: 100, points: 50 };
    await mountWithCleanup(ValueStory, {
        props: { valueId: 7, explanation: { index: 50, window_days: 365, parts: [part] } },
    });
    await animationFrame();
    expect(queryAllTexts(".o_value_explanation_facts a")).toEqual(["12"]);
    await click(".o_value_explanation_facts a");
    expect.verifySteps(['customer.value 7 action_view_purchases ["current"]']);
});

test("the line above the board says what there is to know, and takes no room without", async () => {
    onRpc("customer.value", "get_board_note", () => "Too few customers to compare yet: 1 of 20");
    await mountWithCleanup(BoardNote);
    await animationFrame();
    expect(".o_board_note").toHaveText("Too few customers to compare yet: 1 of 20");
    // Not on a telephone.
    expect(".o_board_note").toHaveClass(["d-none", "d-md-block"]);
    onRpc("customer.value", "get_board_note", () => false);
    await mountWithCleanup(BoardNote);
    await animationFrame();
    expect(".o_board_note").toHaveCount(1);
});

test("thin evidence, the cut at 0 and too few customers are said", async () => {
    const part = (values) => ({ missing: false, score: 50, weight: 50, points: 25, ...values });
    await mountWithCleanup(ValueExplanation, {
        props: {
            explanation: {
                index: 0,
                parts: [
                    part({ key: "current_value", label: "Current value" }),
                    part({ key: "payment", label: "Payment", weight: 6, points: 3, few_data: true }),
                    part({ key: "cost_to_serve", label: "Cost to serve", points: -40, deduction: true }),
                ],
                bounds: { label: "Limited to 0–100", points: 12 },
            },
        },
    });
    expect(".o_value_explanation_few").toHaveCount(1);
    expect("[data-part=payment] .o_value_explanation_few").toHaveText("few data");
    expect(".o_value_explanation_bounds").toHaveText(/Limited to 0–100\s*12\.0/);
    onRpc("customer.value", "get_story", () => ({ history: [], inputs: {}, change: false }));
    const note = "Too few customers to compare yet: 1 of 20";
    await mountWithCleanup(ValueStory, {
        props: { valueId: 1, explanation: { index: false, note, parts: [] } },
    });
    expect(".o_value_story_note").toHaveText(note);
    expect(".o_value_story .o_value_explanation").toHaveCount(0);
});

test("the colour of the ring is that of the customer's health, not of the index", async () => {
    await mountWithCleanup(ValueRing, { props: { value: 72.3, health: "gone" } });
    expect(".o_value_ring").toHaveClass("text-danger");
    expect(".o_value_ring_scale").toHaveText("of 100");
    await mountWithCleanup(ValueRing, { props: { value: 72.3, size: 44 } });
    expect(".o_value_ring:last .o_value_ring_scale").toHaveCount(0);
});

test("a month that was not kept leaves a gap, today's point follows the last month end", () => {
    const places = withGaps([
        { date: "2026-01-31", index: 10 },
        { date: "2026-04-30", index: 40 },
        { date: "2026-05-09", index: 50, now: true },
    ]);
    expect(places.map(({ value }) => value)).toEqual([10, null, null, 40, 50]);
    expect(places.map(({ day }) => day.toFormat("yyyy-LL"))).toEqual([
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
        "2026-05",
    ]);
});

const POINTS = [
    { date: "2026-01-31", index: 41.5, class: "b", details: [{ label: "Value Class", text: "B" }] },
    { date: "2026-02-28", index: 48, class: "a", details: [{ label: "Value Class", text: "A" }] },
];

test("the trend is a line that says its numbers to who cannot see it", async () => {
    await mountWithCleanup(ValueHistory, { props: { points: POINTS } });
    expect("canvas").toHaveAttribute("aria-label", /: 41\.5, .*: 48\.0$/);
    const { callbacks } = Chart.getChart(queryFirst("canvas")).options.plugins.tooltip;
    expect(callbacks.label({ dataIndex: 1 })).toBe("Value index 48.0");
    expect(callbacks.afterLabel({ dataIndex: 1 })).toEqual(["Value Class: A"]);
});

test("without a month end the trend says that it is still to come", async () => {
    await mountWithCleanup(ValueHistory, { props: { points: [] } });
    expect("canvas").toHaveCount(0);
    expect(".o_value_history_empty").toHaveText(/first month end is still to come/);
});

const row = (before, now, difference) => ({ before, now, difference });
const CHANGE = {
    date: "2026-02-28",
    index: row(40, 45.5, 5.5),
    parts: [
        { key: "current_value", label: "Current value", ...row(30, 37.5, 7.5) },
        { key: "loyalty", label: "Loyalty", ...row(10, 8, -2) },
    ],
    rules_changed: false,
    payments: { due: 100, on_time: 60 },
    documents: [
        {
            kind: "dropped",
            number: 3,
            total: 99,
            rows: [{ date: "2025-02-03", name: "S00007", revenue: 90, margin: null, link: false }],
        },
    ],
};

test("changes are told component by component, with the documents that made them", async () => {
    await mountWithCleanup(ValueChanges, {
        props: { change: CHANGE, currencyId: false, amountsVisible: true },
    });
    expect(queryAllTexts(".o_value_changes_part")).toEqual(["+7.5", "-2.0"]);
    expect(".o_value_changes_index").toHaveText("+5.5");
    expect(".o_value_changes_documents").toHaveText(/No longer counted: too old \(3\)\s*99\.00/);
    expect(".o_value_changes_document").toHaveText(/S00007\s*90\.00\s*–/);
    expect(".o_value_changes_documents").toHaveText(/And 2 smaller ones/);
    expect(".o_value_changes").toHaveText(/100\.00 fell due since then, 60\.00 of it was paid on time/);
});

test("who may not see the amounts reads no document and is told why", async () => {
    await mountWithCleanup(ValueChanges, {
        props: {
            change: { ...CHANGE, documents: [], payments: false, rules_changed: true },
            currencyId: false,
            amountsVisible: false,
        },
    });
    expect(queryAllTexts(".o_value_changes_part")).toEqual(["+7.5", "-2.0"]);
    expect(".o_value_changes_documents").toHaveCount(0);
    expect(".o_value_changes .fa-lock").toHaveCount(1);
    expect(".o_value_changes").toHaveText(/scoring rules have changed/);
});

test("what else changed is told in groups", async () => {
    mockService("action", { doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`) });
    const events = [
        {
            title: "Needs since then",
            rows: [
                { date: "2026-03-04", text: "Need: Met", name: "Works at night", link: { model: "customer.need", id: 7 } },
                { date: "2026-03-02", text: "Need: Open", name: "Quiet", link: false },
            ],
        },
    ];
    await mountWithCleanup(ValueChanges, {
        props: { change: { ...CHANGE, documents: [], events }, currencyId: false, amountsVisible: true },
    });
    expect(".o_value_changes_events").toHaveText(/Needs since then[^]*Need: Met\s*Works at night/);
    expect(".o_value_changes_event").toHaveCount(2);
    expect(".o_value_changes_event a").toHaveCount(1);
    expect(".o_value_changes").not.toHaveText(/No purchases were added/);
    await click(".o_value_changes_event a");
    expect.verifySteps(["customer.need 7"]);
});

test("the story is asked for once, and shows what stands behind each part", async () => {
    onRpc("customer.value", "get_story", ({ args }) => {
        expect.step(`story of ${args[0]}`);
        return {
            amounts_visible: true,
            currency_id: false,
            history: POINTS,
            inputs: {
                loyalty: {
                    facts: [{ label: "Usual gap", type: "days", value: 12.5 }],
                    comparison: "The usual gap of all customers is 30 days.",
                },
            },
            change: CHANGE,
        };
    });
    const part = { key: "loyalty", label: "Loyalty", help: "Help", score: 50, weight: 100, points: 50, missing: false };
    await mountWithCleanup(ValueStory, {
        props: { valueId: 7, explanation: { index: 50, parts: [part] } },
    });
    await animationFrame();
    expect.verifySteps(["story of 7"]);
    expect(".o_value_explanation_facts").toHaveText(/Usual gap\s*:\s*12\.5 days/);
    expect(".o_value_explanation_part").toHaveText(/The usual gap of all customers is 30 days/);
    expect("canvas").toHaveCount(1);
    expect(".o_value_changes_index").toHaveText("+5.5");
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

test("a customer in a neutral stage has a grey ring, like the badge of the stage", async () => {
    await mountWithCleanup(ValueRing, { props: { value: 40, health: "neutral" } });
    expect(".o_value_ring").toHaveClass("text-secondary");
});

test("the parts of the index have colours that say neither good nor bad", async () => {
    const keys = ["current_value", "future_value", "development", "loyalty", "payment"];
    const parts = keys.map((key) => ({ key, label: key, missing: false, score: 50, weight: 20, points: 10 }));
    await mountWithCleanup(ValueExplanation, { props: { explanation: { index: 50, parts } } });
    for (const key of keys) {
        expect(`.o_value_explanation_bar .o_value_part_${key}`).toHaveCount(1);
        expect(`.o_value_explanation_swatch.o_value_part_${key}`).toHaveCount(1);
    }
    expect(".o_value_explanation [class*=text-bg-]").toHaveCount(0);
});

test("how long ago something was is told in words", async () => {
    allowTranslations();
    mockDate("2026-03-02 10:00:00");
    onRpc("customer.value", "get_story", () => ({
        amounts_visible: true,
        currency_id: false,
        history: [],
        inputs: { loyalty: { facts: [{ label: "Last purchase", type: "ago", value: "2026-02-28" }], comparison: false } },
        change: false,
    }));
    const part = { key: "loyalty", label: "Loyalty", help: "Help", score: 50, weight: 100, points: 50, missing: false };
    await mountWithCleanup(ValueStory, { props: { valueId: 7, explanation: { index: 50, parts: [part] } } });
    await animationFrame();
    expect(".o_value_explanation_facts").toHaveText(/Last purchase\s*:\s*2 days ago/);
});
